using DistillSharp.Distillation;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Training;

/// <summary>Looks at a run's first batch before anything is changed: does every term teach, and is everything taught?</summary>
internal static class FirstStep
{
    /// <summary>Goes back through each term alone; the graph stays, and the gradients are dropped.</summary>
    /// <exception cref="NothingToLearnException">A term that counts moves no weight, or a weight is moved by no term.</exception>
    public static void Check(string run, ImageModel student, DistillationMethod method, IReadOnlyList<LossTerm> terms)
    {
        List<KeyValuePair<string, Tensor>> weights =
        [
            .. student.NamedParameters(),
            .. method.Parameters.Select((p, i) => KeyValuePair.Create(FormattableString.Invariant($"parameter {i} of the method"), p)),
        ];
        var reached = new bool[weights.Count];
        foreach (LossTerm term in terms)
        {
            using var scope = new TensorScope();
            bool moves = term.Value.RequiresGrad && Moves(term, weights, reached);
            if (!moves && term.Weight != 0)
            {
                throw NothingToLearnException.OfTerm(run, term.Name);
            }
        }

        int lost = Array.IndexOf(reached, false);
        if (lost >= 0)
        {
            throw NothingToLearnException.OfWeight(run, weights[lost].Key);
        }
    }

    private static bool Moves(LossTerm term, List<KeyValuePair<string, Tensor>> weights, bool[] reached)
    {
        term.Value.Backward(keepGraph: true);
        bool moves = false;
        for (int i = 0; i < reached.Length; i++)
        {
            if (weights[i].Value.Grad is { } gradient)
            {
                reached[i] = true;

                // What is not finite is named by the ledger, with the term's value.
                moves = moves || gradient.Abs().Sum().Item() is not 0;
                weights[i].Value.Grad = null;
            }
        }

        return moves;
    }
}
