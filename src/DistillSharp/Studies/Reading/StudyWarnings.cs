using System.Globalization;

namespace DistillSharp.Studies;

/// <summary>Says what a valid study will not be able to show.</summary>
internal static class StudyWarnings
{
    private const int SeedsOfAFinalVerdict = 3;

    public static IReadOnlyList<StudyProblem> Find(StudyDefinition study, SourceNode root, string file)
    {
        var warnings = new ProblemList(file);
        SourceNode students = root.Find("students")!;
        SourceNode methods = students.Find("methods")!;
        if (study.Students.Seeds.Count < SeedsOfAFinalVerdict)
        {
            string found = study.Students.Seeds.Count.ToString(CultureInfo.InvariantCulture);
            warnings.Add(students.Find("seeds") ?? students, $"expected at least 3 seeds, found {found}: every finding will be preliminary.");
        }

        if (study.Analyses.Count == 0)
        {
            warnings.Add(root.Find("analyses") ?? root, "there are no analyses: models will be trained, and nothing said about what they inherited.");
        }

        if (study.Students.Methods.All(m => m.IsIndependent))
        {
            warnings.Add(methods, "there is no method but 'independent': there will be no distilled student to say anything about.");
        }

        if (study.Teachers.Count == 1 && study.Analyses.Count > 0)
        {
            warnings.Add(root.Find("teachers")!, "there is no second teacher: nothing can be shown to be specific to this teacher, so no verdict will be better than 'regularised'.");
        }

        if (study.Students.Start == StudentStart.Teacher && study.Teachers is [{ } first, ..])
        {
            warnings.Add(students.Find("start")!, SharedStart(first));
        }

        AddUnequalTeachers(study, root, warnings);
        AddSameSeeds(study, root, warnings);
        AddSameMethods(study, methods, warnings);
        AddLongWarmUps(study, methods, warnings);
        AddSameAnalyses(study, root, warnings);
        return warnings.InOrder;
    }

    /// <summary>What a study does not show whose students all begin with a teacher's initial weights.</summary>
    public static string SharedStart(TeacherDefinition teacher) => FormattableString.Invariant(
        $"every student begins with the initial weights of the teacher '{teacher.Name}' (seed {teacher.InitialSeed}): seeds differ in the order of images and in what methods draw, so intervals over seeds do not cover initialisation.");

    private static void AddUnequalTeachers(StudyDefinition study, SourceNode root, ProblemList warnings)
    {
        if (study.Teachers is not [{ Weights: null } first, { Weights: null } other] || (first.Model == other.Model && first.Budget == other.Budget))
        {
            return;
        }

        string what = first.Budget == other.Budget ? "model" : first.Model == other.Model ? "budget" : "model and budget";
        warnings.Add(
            root.Find("teachers")!.Items[1],
            $"the {what} of the control '{other.Name}' and of the teacher '{first.Name}' differ: if the control is less accurate, a student that is merely more accurate may look 'inherited'. Give both the same.");
    }

    private static void AddSameSeeds(StudyDefinition study, SourceNode root, ProblemList warnings)
    {
        for (int i = 0; i < study.Teachers.Count; i++)
        {
            TeacherDefinition teacher = study.Teachers[i];
            int last = teacher.Seed + Math.Max(teacher.Members - 1, teacher.Generations);
            if (teacher.Weights is not null || study.Students.Seeds.Where(s => s >= teacher.Seed && s <= last).Select(s => (int?)s).FirstOrDefault() is not { } shared)
            {
                continue;
            }

            string consequence = teacher.Model == study.Students.Model && study.Students.Start == StudentStart.Fresh
                ? "both start from the same weights and see the same order of images, so they agree for that reason alone"
                : "both see the same order of images";
            SourceNode node = root.Find("teachers")!.Items[i];
            string seed = shared.ToString(CultureInfo.InvariantCulture);
            warnings.Add(node.Find("seed") ?? node, $"the teacher '{teacher.Name}' and a student have the same seed, {seed}: {consequence}. Give the teacher another seed.");
        }
    }

    private static void AddLongWarmUps(StudyDefinition study, SourceNode methods, ProblemList warnings)
    {
        foreach (MethodDefinition method in study.Students.Methods.SelectMany(m => m.Parts.Prepend(m)))
        {
            if (method.Options.Entries.Any(o => o.Key == "warm-up" && o.Value is long epochs && epochs > study.Budget.Epochs))
            {
                warnings.Add(methods, FormattableString.Invariant(
                    $"'{method.Label}' grows to its weight over {method.Options.Integer("warm-up")} epochs, and the budget ends after {study.Budget.Epochs}: it will never count in full. Published budgets are of 240 epochs; give 'warm-up' fewer."));
            }
        }
    }

    private static void AddSameAnalyses(StudyDefinition study, SourceNode root, ProblemList warnings)
    {
        var first = new Dictionary<AnalysisDefinition, string>();
        for (int i = 0; i < study.Analyses.Count; i++)
        {
            AnalysisDefinition analysis = study.Analyses[i];
            AnalysisDefinition unlabelled = analysis with { Label = "" };
            if (!first.TryAdd(unlabelled, analysis.Label))
            {
                warnings.Add(root.Find("analyses")!.Items[i], $"'{analysis.Label}' and '{first[unlabelled]}' are the same analysis with the same options: the same will be measured twice.");
            }
        }
    }

    private static void AddSameMethods(StudyDefinition study, SourceNode methods, ProblemList warnings)
    {
        var first = new Dictionary<MethodDefinition, string>();
        foreach (MethodDefinition method in study.Students.Methods)
        {
            MethodDefinition unlabelled = method with { Label = "" };
            if (!first.TryAdd(unlabelled, method.Label))
            {
                warnings.Add(methods, $"'{method.Label}' and '{first[unlabelled]}' are the same method with the same options: the same students will be trained twice.");
            }
        }
    }
}
