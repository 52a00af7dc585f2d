using DistillSharp.Auditing;
using DistillSharp.Models;
using DistillSharp.Studies;

namespace DistillSharp.Tests.Auditing;

public sealed class AuditCheckTests
{
    [Fact]
    public void Should_Recognise_Networks_And_Name_What_It_Found()
    {
        using var fixture = new AuditFixture();
        string teacher = fixture.Write("teacher.pth", 1, "resnet14"), student = fixture.Write("student.safetensors", 2);

        AuditCheckResult result = fixture.Check(fixture.Request(teacher, student));

        Assert.Empty(result.Problems);
        Assert.Empty(result.Warnings);
        Assert.Equal(["resnet14", "resnet8"], result.Require().Models.Select(m => m.Architecture));
        Assert.Equal([RunRole.Teacher, RunRole.Student], result.Require().Models.Select(m => m.Role));
        Assert.All(result.Require().Models, m => Assert.Equal(64, m.Sha256.Length));
        Assert.Equal(60, result.Require().TestImages);
        Assert.StartsWith("audit-student-", result.Require().Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Take_A_Network_With_Options()
    {
        using var fixture = new AuditFixture();
        string teacher = fixture.Write("teacher.pth", 1), student = fixture.Write("student.pth", 2, "convnet", widths: [4, 8]);
        AuditRequest request = fixture.Request(teacher, student);

        AuditProblem unnamed = fixture.Problem(request);
        AuditProblem other = fixture.Problem(request with { StudentReading = new ModelReading { Model = ["convnet", "widths=4,4"] } });
        AuditPlan plan = fixture.Check(request with { StudentReading = new ModelReading { Model = ["convnet", "widths=4,8"] } }).Require();

        Assert.Equal((AuditProblemKind.Mismatch, "--student"), (unnamed.Kind, unnamed.Option));
        Assert.Contains("--student-model convnet widths=16,32,64", unnamed.Message, StringComparison.Ordinal);
        Assert.Equal(AuditProblemKind.Mismatch, other.Kind);
        Assert.Contains("do not fit the network convnet 4-4", other.Message, StringComparison.Ordinal);
        Assert.Equal("convnet 4-8", plan.Models[1].Architecture);
    }

    [Fact]
    public void Should_Say_That_Classes_Or_Channels_Are_Others()
    {
        using var fixture = new AuditFixture();
        string good = fixture.Write("good.pth", 1);
        string classes = fixture.Write("classes.pth", 2, task: AuditFixture.Task with { Classes = 10 });
        string channels = fixture.Write("channels.pth", 3, task: AuditFixture.Task with { Channels = 3 });

        AuditProblem many = fixture.Problem(fixture.Request(good, classes)), coloured = fixture.Problem(fixture.Request(channels, good));

        Assert.Equal((AuditProblemKind.Mismatch, "--student"), (many.Kind, many.Option));
        Assert.Contains("classes.pth': expected logits of 4 classes, as the data have, found 10.", many.Message, StringComparison.Ordinal);
        Assert.Equal((AuditProblemKind.Mismatch, "--teacher"), (coloured.Kind, coloured.Option));
        Assert.Contains("expected images of 1 channels, as the data have, found a network for 3.", coloured.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Say_That_A_Network_Takes_Other_Images()
    {
        using var fixture = new AuditFixture();
        string good = fixture.Write("good.pth", 1), lenet = fixture.Write("lenet.pth", 2, "lenet5", new ImageTask(1, 28, 28, 4));

        AuditProblem problem = fixture.Problem(fixture.Request(lenet, good));

        Assert.Equal(AuditProblemKind.Mismatch, problem.Kind);
        Assert.Contains("fits lenet5, which cannot be made for images of 1 x 12 x 12 pixels", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Name_Every_Problem_At_Once()
    {
        using var fixture = new AuditFixture();
        string text = fixture["notes.pth"];
        File.WriteAllText(text, "These are no weights.");
        AuditRequest request = fixture.Request(fixture["none.pth"], text) with { Analyses = ["fidelty"], AnalysisOptions = ["localization"], TestImages = 61 };

        AuditCheckResult result = fixture.Check(request);

        Assert.Equal(["--teacher", "--student", "--images", "--option", "--analyses"], result.Problems.Select(p => p.Option));
        Assert.Contains("found no such file", result.Problems[0].Message, StringComparison.Ordinal);
        Assert.Contains(text, result.Problems[1].Message, StringComparison.Ordinal);
        Assert.Contains("expected 2 to 60 test images", result.Problems[2].Message, StringComparison.Ordinal);
        Assert.Contains("localization.images=500", result.Problems[3].Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'fidelity'?", result.Problems[4].Message, StringComparison.Ordinal);
        Assert.Equal(AuditProblemKind.Request, Assert.Throws<AuditException>(result.Require).Kind);
    }

    [Fact]
    public void Should_Refuse_Controls_That_Do_Not_Pair()
    {
        using var fixture = new AuditFixture();
        string teacher = fixture.Write("t.pth", 1), a = fixture.Write("a.pth", 2), b = fixture.Write("b.pth", 3), c = fixture.Write("c.pth", 4), wide = fixture.Write("w.pth", 5, "resnet14");
        AuditRequest request = fixture.Request(teacher, a, b);

        Assert.Contains("'student' has 2, found 1", fixture.Problem(request with { Independent = [c] }).Message, StringComparison.Ordinal);
        Assert.Contains("expected the students' network", fixture.Problem(fixture.Request(teacher, a) with { Independent = [wide] }).Message, StringComparison.Ordinal);
        Assert.Contains("expected every student once", fixture.Problem(fixture.Request(teacher, a, a)).Message, StringComparison.Ordinal);
        Assert.Contains("found the teacher itself", fixture.Problem(request with { OtherTeacher = teacher }).Message, StringComparison.Ordinal);
        Assert.Contains("expected --other-teacher", fixture.Problem(fixture.Request(teacher, a) with { OtherStudents = [c] }).Message, StringComparison.Ordinal);
        Assert.Contains("expected the label of a --student (kl)", fixture.Problem(fixture.Request(teacher, $"kl={a}") with { OtherTeacher = wide, OtherStudents = [$"kd={c}"] }).Message, StringComparison.Ordinal);
        Assert.Contains("another one is no control for them", fixture.Problem(fixture.Request(teacher, a) with { OtherTeacher = b, OtherStudents = [wide] }).Message, StringComparison.Ordinal);
        Assert.Contains("expected at least one student", fixture.Problem(fixture.Request(teacher)).Message, StringComparison.Ordinal);
        Assert.Contains("found 'independent'", fixture.Problem(fixture.Request(teacher, $"independent={a}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Warn_Where_Teacher_And_Student_Look_Swapped()
    {
        using var fixture = new AuditFixture();
        string small = fixture.Write("small.pth", 1), large = fixture.Write("large.pth", 2, "resnet14");

        AuditCheckResult result = fixture.Check(fixture.Request(small, large));

        Assert.NotNull(result.Plan);
        Assert.Contains("were --teacher and --student swapped?", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Leave_Out_What_Does_Not_Apply_Unless_It_Is_Asked_For()
    {
        using var fixture = new AuditFixture();
        AuditRequest request = fixture.Request(fixture.Write("t.pth", 1), fixture.Write("s.pth", 2)) with { Analyses = null };

        AuditPlan plan = fixture.Check(request).Require();

        Assert.Equal(["bias", "domain-adaptation", "representation"], plan.NotAsked.Select(o => o.Analysis).Order());
        Assert.Contains("the default of 'batch' does not fit: expected at most 30", plan.NotAsked.First(o => o.Analysis == "representation").Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(plan.Analyses, a => a.Name is "bias" or "domain-adaptation");
        Assert.Contains("the test images have 0 attributes", fixture.Problem(request with { Analyses = ["bias"] }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Check_The_Options_Of_Analyses()
    {
        using var fixture = new AuditFixture();
        AuditRequest request = fixture.Request(fixture.Write("t.pth", 1), fixture.Write("s.pth", 2)) with { Analyses = ["localization"] };

        Assert.Equal(7, fixture.Check(request with { AnalysisOptions = ["localization.images=7"] }).Require().Analyses[0].Options.Integer("images"));
        Assert.Contains("found 'many'", fixture.Problem(request with { AnalysisOptions = ["localization.images=many"] }).Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'images'?", fixture.Problem(request with { AnalysisOptions = ["localization.image=7"] }).Message, StringComparison.Ordinal);
        Assert.Contains("There is no layer of resnet8 'layer9'", fixture.Problem(request with { AnalysisOptions = ["localization.student-layer=layer9"] }).Message, StringComparison.Ordinal);
        Assert.Contains("representation.batch: expected at most 30", fixture.Problem(request with { Analyses = null, AnalysisOptions = ["representation.batch=40"] }).Message, StringComparison.Ordinal);
        Assert.Contains("--analyses does not ask for it", fixture.Problem(request with { AnalysisOptions = ["adversarial.images=7"] }).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("convnet 16-32-64", "convnet 16-32-64", 0)]
    [InlineData("3 x convnet 8-16", "convnet 8-16", 3)]
    [InlineData("resnet20", "resnet20", 0)]
    [InlineData("nonet 4", null, 0)]
    [InlineData("convnet", null, 0)]
    public void Should_Read_The_Network_Of_A_Run(string text, string? network, int members)
    {
        (ModelDefinition Network, int Members)? found = NetworkWords.ParseArchitecture(text);

        Assert.Equal(network, found is { } f ? RunRecord.ArchitectureOf(f.Network) : null);
        Assert.Equal(members, found?.Members ?? 0);
    }

    [Fact]
    public void Should_Read_The_Network_Of_A_Run_For_Every_Network()
    {
        foreach (ModelFamily family in ModelZoo.All)
        {
            ModelDefinition usual = NetworkWords.Parse([family.Name]);
            Assert.Equal(usual, NetworkWords.ParseArchitecture(RunRecord.ArchitectureOf(usual))?.Network);
        }
    }
}
