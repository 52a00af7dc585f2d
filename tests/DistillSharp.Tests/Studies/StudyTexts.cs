using System.Text;
using DistillSharp.Studies;

namespace DistillSharp.Tests.Studies;

/// <summary>Studies as text, and short ways to read them.</summary>
internal static class StudyTexts
{
    public const string Full = """
        study: quickstart
        description: "What does a small network inherit?"
        data:
          name: fashion-mnist
          train: 12000
          validation: 2000
          split-seed: 0
          augmentation: { crop: 2, flip: true, brightness: .2 }
        teachers:
          - name: teacher
            model: convnet
            widths: [32, 64, 128]
            seed: 100
            budget: { epochs: 8 }
          - name: other-teacher
            model: convnet
            widths: [32, 64, 128]
            seed: 200
        students:
          model: convnet
          widths: [16, 32, 64]
          seeds: [0, 1, 2]
          methods:
            - independent
            - kl
            - hint: { weight: 1e2, student-layer: stage2, teacher-layer: stage2 }
            - kl: { name: kl-hot, temperature: 8 }
        budget:
          epochs: 5
          batch-size: 64
          optimizer: { name: sgd, learning-rate: 0.05, momentum: 0.9 }
          schedule: { name: cosine, warm-up: 0 }
        analyses:
          - fidelity
          - localization: { student-layer: stage3, teacher-layer: stage3, images: 2000 }
        """;

    public const string Small = """
        study: small
        data: { name: fashion-mnist }
        teachers:
          - model: convnet
        students:
          model: convnet
          methods: [kl]
        budget: { epochs: 3 }
        """;

    public const string Folder = """
        study: small
        data: { name: image-folder, path: /pictures, size: 32, channels: 1 }
        students:
          model: convnet
          methods: [independent]
        budget: { epochs: 3 }
        """;

    public const string Domains = """
        study: small
        data:
          name: domains
          path: /pacs
          held-out: [sketch, art painting]
        students:
          model: convnet
          methods: [independent]
        budget: { epochs: 3 }
        """;

    public static StudyReadResult Read(string yaml, FakeCatalog? catalog = null) =>
        StudyReader.Parse(Encoding.UTF8.GetBytes(yaml), "study.yaml", catalog ?? new FakeCatalog());

    public static StudyDefinition ReadValid(string yaml)
    {
        StudyReadResult result = Read(yaml);
        Assert.Empty(result.Problems);
        return result.Study!;
    }

    /// <summary>The only problem of a text in which <paramref name="old"/> was replaced.</summary>
    public static StudyProblem OnlyProblem(string yaml, string old, string replacement, FakeCatalog? catalog = null)
    {
        Assert.Contains(old, yaml, StringComparison.Ordinal);
        return Assert.Single(Read(yaml.Replace(old, replacement, StringComparison.Ordinal), catalog).Problems);
    }
}
