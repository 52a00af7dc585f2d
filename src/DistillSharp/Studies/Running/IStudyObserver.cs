using DistillSharp.Inheritance;
using DistillSharp.Training;

namespace DistillSharp.Studies;

/// <summary>Told how a study goes. Calls come from one thread at a time.</summary>
public interface IStudyObserver
{
    /// <summary>A part begins, e.g. "Training 2 teachers".</summary>
    void Stage(string title);

    /// <summary>Something to know, e.g. how many runs are finished already.</summary>
    void Note(string text);

    /// <summary>How far training has come; several times a second.</summary>
    void Training(TrainingProgress progress);

    /// <summary>A run was finished and its files are written.</summary>
    void RunFinished(PlannedRun run, EpochMetrics last);

    /// <summary>How far an analysis has come.</summary>
    void Analysis(string title, AnalysisProgress progress);
}
