using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Statistics;

public sealed class FindingBuilderTests
{
    private const int Images = 600;

    private static readonly FindingTexts Texts = new()
    {
        Analysis = "fidelity",
        Measure = "agreement-test",
        Title = "Agreement",
        Question = "Does the student answer as the teacher does?",
        Unit = "share",
        Method = "kd",
        ReasonLead = "Students agree with their teacher on {student} of images, independent students on {independent}",
    };

    [Fact]
    public void Should_Call_A_Copy_Of_The_Teacher_Inherited()
    {
        var simulation = new Simulation(31);
        var ease = simulation.Ease(Images, 1);
        var scores = Scores(3) with
        {
            StudentOwn = Simulation.Constant(3, Images, 1),
            IndependentOwn = simulation.Hits(3, ease, 1.5, 0.03),
            StudentOther = simulation.Hits(3, ease, 1.5, 0.03),
            IndependentOther = simulation.Hits(3, ease, 1.5, 0.03),
            Teacher = 1,
        };

        var finding = new FindingBuilder().Build(Texts, scores);

        Assert.Equal(Verdict.Inherited, finding.Verdict);
        Assert.False(finding.Preliminary);
        Assert.Equal(1, finding.Student!.Mean);
        Assert.Equal(1, finding.Teacher);
        Assert.Equal(finding.Student.Mean - finding.Independent!.Mean, finding.Effect!.Mean, 1e-12);
        Assert.True(finding.OwnMinusOther!.Low > 0);
        Assert.StartsWith("Students agree with their teacher on 100.0 % of images, independent students on 8", finding.Reason, StringComparison.Ordinal);
        Assert.Contains(" points (95 % interval ", finding.Reason, StringComparison.Ordinal);
        Assert.Matches(@"\), which is [0-9.]+ points \([0-9.]+ to [0-9.]+\) more than with the other teacher\.\z", finding.Reason);
        Assert.DoesNotContain(finding.Notes, note => note.Contains("almost at the ceiling", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_Rarely_Claim_An_Effect_Of_Independent_Students()
    {
        const int repetitions = 400;
        var simulation = new Simulation(32);
        int above = 0, below = 0, inherited = 0;
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var ease = simulation.Ease(200, 1);
            var otherEase = simulation.Ease(200, 1);
            var scores = Scores(3) with
            {
                StudentOwn = simulation.Hits(3, ease, 1, 0.1),
                IndependentOwn = simulation.Hits(3, ease, 1, 0.1),
                StudentOther = simulation.Hits(3, otherEase, 1, 0.1),
                IndependentOther = simulation.Hits(3, otherEase, 1, 0.1),
            };
            var verdict = new FindingBuilder(new HierarchicalBootstrap(400, (ulong)repetition)).Build(Texts, scores).Verdict;
            above += verdict is Verdict.Regularised or Verdict.Inherited ? 1 : 0;
            inherited += verdict == Verdict.Inherited ? 1 : 0;
            below += verdict == Verdict.Reversed ? 1 : 0;
        }

        // Nominal: 2.5 % on each side; the bound adds three standard deviations of 400 repetitions.
        Assert.InRange(above / (double)repetitions, 0, 0.05);
        Assert.InRange(below / (double)repetitions, 0, 0.05);
        Assert.InRange(inherited / (double)repetitions, 0, 0.025);
    }

    [Fact]
    public void Should_Call_A_Gain_With_Any_Teacher_Regularised()
    {
        var simulation = new Simulation(33);
        var ease = simulation.Ease(Images, 1);
        var scores = Scores(3) with
        {
            StudentOwn = simulation.Hits(3, ease, 1.6, 0.02),
            IndependentOwn = simulation.Hits(3, ease, 0.6, 0.02),
            StudentOther = simulation.Hits(3, ease, 1.6, 0.02),
            IndependentOther = simulation.Hits(3, ease, 0.6, 0.02),
        };

        var finding = new FindingBuilder().Build(Texts, scores);

        Assert.Equal(Verdict.Regularised, finding.Verdict);
        Assert.Contains("is not shown to be specific to this teacher", finding.Reason, StringComparison.Ordinal);
        Assert.EndsWith("contains 0.", finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Call_A_Gain_Without_The_Other_Teacher_Control_Regularised()
    {
        var simulation = new Simulation(34);
        var ease = simulation.Ease(Images, 1);
        var scores = Scores(3) with
        {
            StudentOwn = simulation.Hits(3, ease, 1.6, 0.02),
            IndependentOwn = simulation.Hits(3, ease, 0.6, 0.02),
        };

        var finding = new FindingBuilder().Build(Texts, scores);

        Assert.Equal(Verdict.Regularised, finding.Verdict);
        Assert.Null(finding.OwnMinusOther);
        Assert.Contains("There is no other teacher to compare with", finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Not_Call_A_Copy_Of_Another_Teacher_Inherited()
    {
        var simulation = new Simulation(35);
        var ease = simulation.Ease(Images, 1);
        var scores = Scores(3) with
        {
            StudentOwn = simulation.Hits(3, ease, 1.0, 0.02),
            IndependentOwn = simulation.Hits(3, ease, 0.6, 0.02),
            StudentOther = Simulation.Constant(3, Images, 1),
            IndependentOther = simulation.Hits(3, ease, 0.6, 0.02),
        };

        var finding = new FindingBuilder().Build(Texts, scores);

        Assert.Equal(Verdict.Regularised, finding.Verdict);
        Assert.True(finding.OwnMinusOther!.High < 0);
        Assert.Contains("it is not more than with the other teacher", finding.Reason, StringComparison.Ordinal);
        Assert.EndsWith("lies below 0.", finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Call_A_Student_That_Is_Further_Away_Reversed()
    {
        var simulation = new Simulation(36);
        var ease = simulation.Ease(Images, 1);
        var scores = Scores(3) with
        {
            StudentOwn = simulation.Hits(3, ease, 0.2, 0.02),
            IndependentOwn = simulation.Hits(3, ease, 1.2, 0.02),
        };

        var finding = new FindingBuilder().Build(Texts, scores);

        Assert.Equal(Verdict.Reversed, finding.Verdict);
        Assert.EndsWith("the students are further from the teacher than independent students.", finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Not_Apply_Where_The_Teacher_Lacks_The_Property()
    {
        var scores = Scores(3) with { Teacher = 0.1, NotApplicableReason = "The teacher is no better than chance." };

        var finding = new FindingBuilder().Build(Texts, scores);

        Assert.Equal(Verdict.NotApplicable, finding.Verdict);
        Assert.Equal("The teacher is no better than chance.", finding.Reason);
        Assert.Null(finding.Effect);
        Assert.NotNull(finding.Student);
        Assert.Equal(0.1, finding.Teacher);
    }

    [Fact]
    public void Should_Not_Apply_Without_Any_Image_Or_Any_Seed()
    {
        var none = new FindingBuilder().Build(Texts, Scores(2) with { StudentOwn = Simulation.Constant(2, Images, double.NaN) });
        var noSeeds = new FindingBuilder().Build(Texts, new FindingScores { Seeds = [], StudentOwn = [], IndependentOwn = [] });
        var oneImage = new FindingBuilder().Build(
            Texts, new FindingScores { Seeds = [1], StudentOwn = [[1, double.NaN]], IndependentOwn = [[0, 0]] });

        Assert.Equal(Verdict.NotApplicable, none.Verdict);
        Assert.Contains("No image is left", none.Reason, StringComparison.Ordinal);
        Assert.Contains("Without any image left, and so not in this finding: seed 1, 2.", none.Notes);
        Assert.Empty(none.Seeds);
        Assert.Equal(Verdict.NotApplicable, noSeeds.Verdict);
        Assert.Equal(Verdict.NotApplicable, oneImage.Verdict);
        Assert.Contains("Only 1 image a seed", oneImage.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Name_A_Seed_Without_Images_And_Go_On_With_The_Rest()
    {
        var simulation = new Simulation(37);
        var student = simulation.Hits(4, simulation.Ease(Images, 1), 1, 0.02);
        Array.Fill(student[1], double.NaN);

        var finding = new FindingBuilder().Build(Texts, Scores(4) with { StudentOwn = student });

        Assert.Equal([1, 3, 4], finding.Seeds);
        Assert.Equal(3, finding.Effect!.PerSeed.Count);
        Assert.DoesNotContain(finding.Effect.PerSeed, double.IsNaN);
        Assert.Contains("Without any image left, and so not in this finding: seed 2.", finding.Notes);
        Assert.True(finding.Preliminary);
        Assert.Contains(finding.Notes, note => note.StartsWith("Preliminary: the verdict rests on 3 of 4 seeds.", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_Not_Call_A_Change_Away_From_The_Teacher_Towards_It_Where_Lower_Is_Closer()
    {
        var scores = Scores(3) with { StudentOwn = Simulation.Constant(3, Images, 0.75), HigherIsCloser = false };

        var finding = new FindingBuilder().Build(Texts with { Unit = "nats" }, scores);

        Assert.Equal(Verdict.Reversed, finding.Verdict);
        Assert.DoesNotContain("towards", finding.Reason, StringComparison.Ordinal);
        Assert.Contains("-0.250 nats (lower is closer; an effect below 0 is further from the teacher)", finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Mention_Own_Minus_Other_Above_0_Where_The_Effect_Is_Not_Shown()
    {
        var scores = Scores(3) with
        {
            StudentOwn = [Row(0.6), Row(0.4), Row(0.5)],
            StudentOther = [Row(0.2), Row(0.2), Row(0.2)],
            IndependentOther = Simulation.Constant(3, Images, 0.5),
        };

        var finding = new FindingBuilder().Build(Texts, scores);

        Assert.Equal(Verdict.NotShown, finding.Verdict);
        Assert.True(finding.OwnMinusOther!.Low > 0);
        Assert.Matches(@"; the interval contains 0\. Yet it is 30\.0 points \(.+\) more than with the other teacher\.\z", finding.Reason);

        static double[] Row(double value) => [.. Enumerable.Repeat(value, Images)];
    }

    [Theory]
    [InlineData("share", 0.985, true)]
    [InlineData("share", 0.97, false)]
    [InlineData("nats", 0.985, false)]
    public void Should_Say_That_A_Copy_Could_Hardly_Be_Told_Where_The_Floor_Is_At_The_Ceiling(string unit, double floor, bool said)
    {
        var scores = Scores(3) with { IndependentOwn = Simulation.Constant(3, Images, floor), Teacher = 1 };

        var finding = new FindingBuilder().Build(Texts with { Unit = unit }, scores);

        Assert.Equal(said, finding.Notes.Contains(
            "Independent students (98.5 %) are almost at the ceiling (100.0 %): even a true copy of the teacher could hardly be told from them."));
    }

    [Fact]
    public void Should_Say_That_Constant_Scores_Give_No_Width()
    {
        var same = new FindingBuilder().Build(Texts, Scores(3));
        var apart = new FindingBuilder().Build(Texts, Scores(3) with { StudentOwn = Simulation.Constant(3, Images, 0.75) });

        Assert.Equal(Verdict.NotShown, same.Verdict);
        Assert.Contains("there is no difference", same.Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.Regularised, apart.Verdict);
        Assert.Equal(0.25, apart.Effect!.Low);
        Assert.Contains("Every paired difference is the same, so the interval of the effect has no width.", apart.Notes);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Should_Be_Preliminary_With_Fewer_Than_Three_Seeds(int seeds, bool preliminary)
    {
        var simulation = new Simulation(38);
        var ease = simulation.Ease(Images, 1);

        var finding = new FindingBuilder().Build(Texts, Scores(seeds) with { StudentOwn = simulation.Hits(seeds, ease, 2, 0) });

        Assert.Equal(preliminary, finding.Preliminary);
        Assert.Equal(preliminary, finding.Notes.Any(note => note.StartsWith("Preliminary: ", StringComparison.Ordinal)));
        Assert.True(finding.Effect!.Low < finding.Effect.High);
    }

    [Fact]
    public void Should_Be_Preliminary_Where_Inherited_Rests_On_Two_Seeds_Of_The_Control()
    {
        var simulation = new Simulation(39);
        var other = Simulation.Constant(3, Images, 0.5);
        Array.Fill(other[2], double.NaN);
        var ease = simulation.Ease(Images, 0);
        var scores = Scores(3) with
        {
            StudentOwn = simulation.Hits(3, ease, 3, 0), StudentOther = other, IndependentOther = Simulation.Constant(3, Images, 0.5),
        };

        var finding = new FindingBuilder().Build(Texts, scores);

        Assert.True(finding.Preliminary);
        Assert.Contains(finding.Notes, note => note.StartsWith("Preliminary: the verdict rests on 2 of 3 seeds.", StringComparison.Ordinal));
        Assert.True(double.IsNaN(finding.OwnMinusOther!.PerSeed[2]));
        Assert.Contains("The other-teacher control has no image left for seed 3.", finding.Notes);
    }

    [Fact]
    public void Should_Turn_The_Effect_Round_Where_Lower_Is_Closer()
    {
        var simulation = new Simulation(40);
        var scores = Scores(3) with
        {
            StudentOwn = simulation.Crossed(3, Images, 0.2, 0.005, 0.05, 0.05),
            IndependentOwn = simulation.Crossed(3, Images, 0.4, 0.005, 0.05, 0.05),
            StudentOther = simulation.Crossed(3, Images, 0.4, 0.005, 0.05, 0.05),
            IndependentOther = simulation.Crossed(3, Images, 0.4, 0.005, 0.05, 0.05),
            HigherIsCloser = false,
        };

        var finding = new FindingBuilder().Build(Texts with { Unit = "nats" }, scores);

        Assert.Equal(Verdict.Inherited, finding.Verdict);
        Assert.Equal(0.2, finding.Effect!.Mean, 0.02);
        Assert.True(finding.Student!.Mean < finding.Independent!.Mean);
        Assert.False(finding.HigherIsCloser);
        Assert.Contains("nats towards the teacher (lower is closer)", finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Allow_Different_Exclusions_For_Own_And_Other_Teacher()
    {
        var simulation = new Simulation(41);
        var scores = Scores(3) with
        {
            StudentOwn = simulation.Hits(3, simulation.Ease(Images, 0.5), 1.5, 0.02),
            IndependentOwn = simulation.Hits(3, simulation.Ease(Images, 0.5), 0.3, 0.02),
            StudentOther = simulation.Hits(3, simulation.Ease(Images, 0.5), 0.3, 0.02),
            IndependentOther = simulation.Hits(3, simulation.Ease(Images, 0.5), 0.3, 0.02),
        };
        for (var seed = 0; seed < 3; seed++)
        {
            Array.Fill(scores.StudentOwn[seed], double.NaN, 0, 300 + (10 * seed));
            Array.Fill(scores.IndependentOther![seed], double.NaN, 280, 320);
        }

        var finding = new FindingBuilder().Build(Texts, scores);
        var other = CrossedMean.OfDifferences(scores.StudentOther!, scores.IndependentOther!);

        Assert.Equal(Verdict.Inherited, finding.Verdict);
        Assert.Equal(290, finding.Images);
        Assert.Equal(finding.Effect!.Mean - other.Mean, finding.OwnMinusOther!.Mean, 1e-12);
        Assert.Contains("310 of 600 images a seed are excluded, 290 remain.", finding.Notes);
    }

    [Fact]
    public void Should_Accept_Scores_That_Already_Compare_The_Two_Students()
    {
        var simulation = new Simulation(42);
        var independents = simulation.Hits(3, simulation.Ease(Images, 0), 0, 0.01);
        var scores = Scores(3) with
        {
            StudentOwn = simulation.Hits(3, simulation.Ease(Images, 0.3), 0.8, 0.02),
            StudentOther = independents,
            IndependentOther = Simulation.Constant(3, Images, 0.5),
            NullPairs = Pairs(independents, second: Simulation.Constant(3, Images, 0.5)),
        };

        var finding = new FindingBuilder().Build(Texts, scores);

        Assert.Equal(Verdict.Inherited, finding.Verdict);
        Assert.Equal(0.5, finding.Independent!.Mean);
        Assert.Equal(0, finding.Null!.Mean, 0.05);
        Assert.DoesNotContain("Control failed", finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Say_When_Independent_Students_Differ_As_Much_As_The_Effect()
    {
        var simulation = new Simulation(43);
        var ease = simulation.Ease(Images, 1);
        var scores = Scores(3) with
        {
            StudentOwn = simulation.Hits(3, ease, 1.2, 0.01),
            IndependentOwn = simulation.Hits(3, ease, 0.6, 0.01),
            NullPairs = Pairs(simulation.Hits(3, ease, 2.5, 0.01), simulation.Hits(3, ease, 0.5, 0.01)),
        };

        var finding = new FindingBuilder().Build(Texts, scores);

        Assert.Equal(Verdict.Regularised, finding.Verdict);
        Assert.Contains("Control failed: independent students differ among themselves by +", finding.Reason, StringComparison.Ordinal);
        Assert.Contains(finding.Notes, note => note.StartsWith("Preliminary: the null control failed", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, note => note.Contains("on average, as much as the effect", StringComparison.Ordinal));
        Assert.True(finding.Preliminary);
        Assert.Contains(finding.Notes, note => note.StartsWith("The independent students of seeds 1 and 2 differ by +", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_Not_Fail_A_Null_That_Is_As_Large_As_The_Effect_But_Holds_0()
    {
        double[] up = [.. Enumerable.Repeat(0.9, Images)], down = [.. Enumerable.Repeat(0.4, Images)], middle = [.. Enumerable.Repeat(0.5, Images)];
        var scores = Scores(3) with
        {
            StudentOwn = Simulation.Constant(3, Images, 0.51),
            NullPairs = [new NullPair(1, 2, up, middle), new NullPair(3, 4, down, middle), new NullPair(5, 6, down, middle)],
        };

        var finding = new FindingBuilder().Build(Texts, scores);

        Assert.Equal(Verdict.Regularised, finding.Verdict);
        Assert.False(finding.Preliminary);
        Assert.DoesNotContain("Control failed", finding.Reason, StringComparison.Ordinal);
        Assert.Contains(finding.Notes, note => note.Contains("this alone is no failure of the control", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_Keep_The_Interval_Of_A_Share_Within_0_And_1()
    {
        double[][] student = [[.. Enumerable.Repeat(1.0, 97), 0, 0, 0], [.. Enumerable.Repeat(1.0, 100)]];

        var finding = new FindingBuilder().Build(
            Texts, new FindingScores { Seeds = [1, 2], StudentOwn = student, IndependentOwn = Simulation.Constant(2, 100, 0.5) });

        Assert.Equal(1, finding.Student!.High);
    }

    [Fact]
    public void Should_Build_The_Same_Finding_Twice()
    {
        var simulation = new Simulation(44);
        var ease = simulation.Ease(Images, 1);
        var scores = Scores(3) with { StudentOwn = simulation.Hits(3, ease, 1, 0.05), IndependentOwn = simulation.Hits(3, ease, 1, 0.05) };

        var first = new FindingBuilder().Build(Texts, scores);
        var second = new FindingBuilder().Build(Texts, scores);

        Assert.Equal(first.Effect!.Low, second.Effect!.Low);
        Assert.Equal(first.Effect.High, second.Effect.High);
        Assert.Equal(first.Reason, second.Reason);
    }

    [Fact]
    public void Should_Say_Which_Scores_Do_Not_Fit()
    {
        var missing = Assert.Throws<ArgumentException>(
            () => new FindingBuilder().Build(Texts, Scores(3) with { IndependentOwn = Simulation.Constant(2, Images, 0) }));
        var half = Assert.Throws<ArgumentException>(
            () => new FindingBuilder().Build(Texts, Scores(3) with { StudentOther = Simulation.Constant(3, Images, 0) }));
        var shorter = Assert.Throws<ArgumentException>(
            () => new FindingBuilder().Build(Texts, Scores(3) with { NullPairs = [new NullPair(1, 2, new double[Images], new double[5])] }));

        Assert.Contains("IndependentOwn: scores of 3 seeds were expected, found 2", missing.Message, StringComparison.Ordinal);
        Assert.Contains("needs the scores of both", half.Message, StringComparison.Ordinal);
        Assert.Contains("Null pair of seeds 1 and 2: 600 scores were expected, found 5", shorter.Message, StringComparison.Ordinal);
    }

    /// <summary>Scores of 0.5 throughout for seeds 1, 2, ...; tests replace what they are about.</summary>
    private static FindingScores Scores(int seeds) => new()
    {
        Seeds = [.. Enumerable.Range(1, seeds)],
        StudentOwn = Simulation.Constant(seeds, Images, 0.5),
        IndependentOwn = Simulation.Constant(seeds, Images, 0.5),
    };

    private static NullPair[] Pairs(double[][] first, double[][] second) =>
        [new(1, 2, first[0], second[0]), new(3, 4, first[1], second[1]), new(5, 6, first[2], second[2])];
}
