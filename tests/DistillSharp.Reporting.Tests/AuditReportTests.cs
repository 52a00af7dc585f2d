using System.Net;
using DistillSharp.Reporting.Tests.Samples;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Tests;

/// <summary>What the report of an audit says beside, or instead of, that of a study.</summary>
public sealed class AuditReportTests : IDisposable
{
    private const string Open = "Whether students that never met the teacher are as close to it.";
    private const string Without = "Agreement: 83.4 %. There is no floor.";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Should_begin_with_the_controls_and_list_the_files()
    {
        var (html, markdown) = Write(Audit(hasFloor: true));

        foreach (var text in new[] { html, markdown })
        {
            Assert.Contains(Open, text);
            Assert.Contains("none (--other-teacher)", text);
            Assert.Contains("Not asked: bias", text);
            Assert.Contains("0123456789abcdef", text);
            Assert.Contains("were --teacher and --student swapped?", text);
            Assert.Contains("What was inherited", text);
        }

        Assert.True(html.IndexOf("id=\"controls\"", StringComparison.Ordinal) < html.IndexOf("id=\"verdicts\"", StringComparison.Ordinal));
        Assert.Contains("DistillSharp audit", html);
        Assert.Contains("href=\"#controls\"", html);
    }

    [Fact]
    public void Should_show_levels_and_speak_of_no_inheritance_without_a_floor()
    {
        var (html, markdown) = Write(Audit(hasFloor: false));

        Assert.DoesNotContain("What was inherited", html);
        Assert.DoesNotContain("What was inherited", markdown);
        Assert.Contains("How close students are", html);
        Assert.Contains("level 83.4\u00A0%", html);
        Assert.Contains(Without, html);
        Assert.Contains("one point a student", html);
        Assert.DoesNotContain("filled points are the effect", html);
    }

    [Fact]
    public void Should_say_nothing_of_audits_in_the_report_of_a_study()
    {
        SampleFolder.Write(folder.Path, SampleStudy.Create());
        var findings = File.ReadAllText(folder["findings.json"]);
        var html = File.ReadAllText(ReportWriter.Write(folder.Path).Html);

        Assert.DoesNotContain("\"audit\"", findings);
        Assert.DoesNotContain("id=\"controls\"", html);
        Assert.DoesNotContain("id=\"files\"", html);
    }

    [Fact]
    public void Should_refuse_null_among_the_controls()
    {
        var audit = Audit(hasFloor: true);
        SampleFolder.WriteFindings(folder.Path, audit with { Audit = audit.Audit! with { Controls = [null!] } });

        Assert.Contains("no null among the audit.controls", Assert.Throws<ReportException>(() => ReportWriter.Write(folder.Path)).Message);
    }

    private (string Html, string Markdown) Write(StudyResults results)
    {
        SampleFolder.Write(folder.Path, results);
        var files = ReportWriter.Write(folder.Path);
        return (WebUtility.HtmlDecode(File.ReadAllText(files.Html)), File.ReadAllText(files.Markdown));
    }

    private static StudyResults Audit(bool hasFloor)
    {
        var study = SampleStudy.Create();
        return study with
        {
            Findings = hasFloor ? study.Findings :
            [
                .. study.Findings.Where(finding => finding.Measure == "agreement-test").Select(finding => finding with
                {
                    Independent = null, Null = null, Effect = null, OwnMinusOther = null, Verdict = Verdict.NotApplicable, Reason = Without, Student = new Estimate(0.834, 0.82, 0.85, [0.83, 0.835, 0.837]),
                }),
            ],
            Audit = new AuditSummary(
                [new AuditControl(AuditControl.Floor, hasFloor, hasFloor ? "3" : "none (--independent)", Open), new AuditControl("other teacher", false, "none (--other-teacher)", "Whether it is this teacher.")],
                [new AuditOmission("bias", "The test images have no attribute.")],
                [new AuditedFile("teacher-s0-0123", "/models/teacher.pth", "0123456789abcdef", "resnet14", "mean 0.5; standard deviation 0.25")],
                ["The teacher has fewer weights: were --teacher and --student swapped?"]),
        };
    }
}
