using DistillSharp.Reporting.Presentation;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Tests.Presentation;

public class VerdictWordTests
{
    [Fact]
    public void Should_Claim_No_Cause_That_Was_Not_Tested()
    {
        Assert.All(VerdictWord.All, word => Assert.DoesNotContain("might have done", word.Meaning));
        Assert.All(VerdictWord.All, word => Assert.DoesNotContain("moved", word.Meaning));
        Assert.All(VerdictWord.All, word => Assert.DoesNotContain("took", word.Meaning));
        Assert.Contains("not shown to be so by more than to the other teacher, or there is no other teacher", VerdictWord.Of(Verdict.Regularised).Meaning);
        Assert.Contains("further from the teacher than the independent student is", VerdictWord.Of(Verdict.Reversed).Meaning);
    }

    [Fact]
    public void Should_Name_Every_Cause_Of_A_Preliminary_Verdict()
    {
        foreach (string cause in new[] { "Fewer than three seeds", "seeds of the study are missing", "a control failed", "the two teachers are unequal" })
        {
            Assert.Contains(cause, VerdictWord.PreliminaryMeaning);
        }
    }
}
