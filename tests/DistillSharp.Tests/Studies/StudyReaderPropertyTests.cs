using System.Text;
using DistillSharp.Studies;
using FsCheck;
using FsCheck.Fluent;

namespace DistillSharp.Tests.Studies;

/// <summary>Whatever a file holds, the answer is a study or a list of problems.</summary>
public class StudyReaderPropertyTests
{
    private static readonly string[] Tokens =
    [
        "study", "data", "teachers", "students", "budget", "analyses", "methods", "kl", "name", ":", ": ", "- ", "\n", "\n  ", "\n    ",
        "{", "}", "[", "]", ",", "\"", "'", "&a ", "*a", "!!", "!t ", "|\n", ">-\n", "#", "? ", "---\n", "...\n", "%YAML 1.2\n", "\t", "\\", "@", "`", "~", "1", "é", "\r",
    ];

    [Fact]
    public void Should_answer_any_bytes_with_problems_and_never_an_exception()
    {
        Prop.ForAll<byte[]>(bytes => IsRefused(bytes)).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Should_answer_any_sequence_of_YAML_signs_with_problems_and_never_an_exception()
    {
        Arbitrary<string[]> texts = Gen.Elements(Tokens).ArrayOf().ToArbitrary();
        Prop.ForAll(texts, tokens => IsRefused(Encoding.UTF8.GetBytes(string.Concat(tokens))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(120));
    }

    [Fact]
    public void Should_survive_any_change_of_one_stretch_of_a_valid_study()
    {
        Gen<string> changed =
            from start in Gen.Choose(0, StudyTexts.Full.Length - 1)
            from length in Gen.Choose(0, 12)
            from token in Gen.Elements(Tokens)
            select StudyTexts.Full[..start] + token + StudyTexts.Full[Math.Min(StudyTexts.Full.Length, start + length)..];
        Prop.ForAll(changed.ToArbitrary(), text =>
        {
            StudyReadResult result = StudyTexts.Read(text);
            return result.IsValid == (result.Problems.Count == 0)
                && (result.Study is null || result.Study == StudyTexts.Read(StudyWriter.ToYaml(result.Study)).Study);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static bool IsRefused(byte[] bytes)
    {
        StudyReadResult result = StudyReader.Parse(bytes, "study.yaml", new FakeCatalog());
        return result.Study is null && result.Problems.Count > 0 && result.Problems.All(p => p.Line >= 1 && p.Column >= 1);
    }
}
