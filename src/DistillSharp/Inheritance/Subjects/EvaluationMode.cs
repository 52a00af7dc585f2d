using DistillSharp.Nn;

namespace DistillSharp.Inheritance;

/// <summary>Puts a model into evaluation mode until disposed; then each of its modules has the mode it had, also where they differed.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly List<(Module Module, bool Training)> _before;

    public EvaluationMode(Module model)
    {
        _before = [.. model.NamedModules().Select(m => (m.Value, m.Value.IsTraining))];
        model.Eval();
    }

    // Parents come before their children, so each module ends with its own mode.
    public void Dispose()
    {
        foreach ((Module module, bool training) in _before)
        {
            module.Train(training);
        }
    }
}
