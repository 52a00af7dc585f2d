using DistillSharp.Auditing;
using DistillSharp.Studies;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Auditing;

public sealed class AuditRunnerTests
{
    [Fact]
    public void Should_Name_The_Controls_That_Are_Missing()
    {
        using var fixture = new AuditFixture();
        StudyResults results = Run(fixture, fixture.Request(fixture.Write("t.pth", 1), fixture.Write("s.pth", 2)) with { Analyses = ["fidelity", "invariance"] });

        Assert.All(results.Findings, f => Assert.Equal(Verdict.NotApplicable, f.Verdict));
        Assert.False(results.Audit!.HasFloor);
        Assert.Equal(
            ["independent students", "null", "other teacher", "students of the other teacher", "seeds"],
            results.Audit.Controls.Where(c => !c.AtHand && c.LeavesOpen.Length > 0).Select(c => c.Name));
        Assert.Equal(2, results.Audit.Files.Count);
        Assert.All(results.Models, m => Assert.True(m.TestAccuracy is >= 0 and <= 1 && double.IsFinite(m.TestNll) && double.IsNaN(m.TrainAccuracy)));
    }

    [Fact]
    public void Should_Name_The_Controls_That_Are_At_Hand()
    {
        using var fixture = new AuditFixture();
        AuditRequest request = fixture.Request(fixture.Write("t.pth", 1), fixture.Write("a.pth", 2), fixture.Write("b.pth", 3)) with
        {
            Independent = [fixture.Write("c.pth", 4), fixture.Write("d.pth", 5)],
        };

        StudyResults results = Run(fixture, request);

        // Untrained networks know nothing: each finding says so, and the controls are named all the same.
        Assert.All(results.Findings, f => Assert.StartsWith("The teacher is not clearly better than chance", f.Reason, StringComparison.Ordinal));
        Assert.True(results.Audit!.HasFloor);
        Assert.Contains(results.Audit.Controls, c => c is { Name: "null", AtHand: true });
        Assert.Contains(results.Audit.Controls, c => c is { Name: "seeds", AtHand: false });
    }

    [Fact]
    public void Should_Be_Repeatable_From_Its_Record()
    {
        using var fixture = new AuditFixture();
        string student = fixture.Write("s.pth", 2);
        AuditRequest request = fixture.Request(fixture.Write("t.pth", 1), $"kl={student}") with { TestImages = 40, AnalysisOptions = [] };
        Run(fixture, request);

        AuditRecord record = AuditRecord.Read(fixture["results"]);
        AuditPlan again = fixture.Check(record.Request).Require();

        Assert.Equal(record.Identity, again.Identity);
        Assert.Empty(record.Changes(again));
        fixture.Write("s.pth", 3);
        Assert.Contains("expected the weights that were audited", Assert.Single(record.Changes(fixture.Check(record.Request).Require())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"independent\": [", "\"independend\": [", "independend")]
    [InlineData("\"format\": 1", "\"format\": 2", "found format 2")]
    [InlineData("{", "[", "in JSON")]
    public void Should_Refuse_A_Record_That_Is_Broken(string old, string @new, string message)
    {
        using var fixture = new AuditFixture();
        Run(fixture, fixture.Request(fixture.Write("t.pth", 1), fixture.Write("s.pth", 2)));
        string path = Path.Combine(fixture["results"], AuditRecord.FileName);
        File.WriteAllText(path, File.ReadAllText(path).Replace(old, @new, StringComparison.Ordinal));

        Exception broken = Assert.Throws<InvalidDataException>(() => AuditRecord.Read(path));

        Assert.Contains(path, broken.Message, StringComparison.Ordinal);
        Assert.Contains(message, broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Not_Write_Into_The_Results_Of_Something_Else()
    {
        using var fixture = new AuditFixture();
        AuditRequest request = fixture.Request(fixture.Write("t.pth", 1), fixture.Write("s.pth", 2));
        Run(fixture, request);

        AuditException other = Assert.Throws<AuditException>(() => Run(fixture, request with { Students = [fixture.Write("u.pth", 3)] }));
        Directory.CreateDirectory(fixture["study"]);
        File.WriteAllText(Path.Combine(fixture["study"], "study.yaml"), "");
        AuditProblem? study = new AuditRunner(fixture.Check(request).Require(), [], new AuditFixture.Silent()).CheckFolder(fixture["study"]);

        Assert.Contains("found an audit of others", other.Message, StringComparison.Ordinal);
        Assert.Contains("found the results of a study", study!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Not_Measure_Twice_What_Was_Measured()
    {
        using var fixture = new AuditFixture();
        AuditRequest request = fixture.Request(fixture.Write("t.pth", 1), fixture.Write("s.pth", 2));
        Run(fixture, request);
        string file = Directory.GetFiles(Path.Combine(fixture["results"], "measurements"), "fidelity.test.csv", SearchOption.AllDirectories).Single();
        DateTime written = File.GetLastWriteTimeUtc(file);

        StudyResults again = Run(fixture, request with { Analyses = ["fidelity", "representation"], AnalysisOptions = ["representation.batch=10"] });

        Assert.Equal(written, File.GetLastWriteTimeUtc(file));
        Assert.Equal(["fidelity", "representation"], again.Findings.Select(f => f.Analysis).Distinct());
    }

    private static StudyResults Run(AuditFixture fixture, AuditRequest request)
    {
        AuditCheckResult check = fixture.Check(request);
        using ResultsFolder folder = ResultsFolder.Open(fixture["results"]);
        return new AuditRunner(check.Require(), check.Warnings, new AuditFixture.Silent()).Run(folder, "distill audit", CancellationToken.None);
    }
}
