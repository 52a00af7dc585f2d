namespace DistillSharp.Training;

/// <summary>On the first batch a loss term gave no gradient, or weights got none: the run would not learn what it is said to learn.</summary>
public sealed class NothingToLearnException : Exception
{
    private NothingToLearnException(string message)
        : base(message)
    {
    }

    internal static NothingToLearnException OfTerm(string run, string term) => new(
        $"{run}: the loss term '{term}' counts, and its gradient is zero on the first batch, so it would teach nothing. "
        + "Look at the layers that it compares (is what they give out constant, or the student's a copy of the teacher's?), at its margin or temperature, or set its weight to 0.");

    internal static NothingToLearnException OfWeight(string run, string weight) => new(
        $"{run}: no loss term reaches {weight} on the first batch, so it would never be trained. "
        + "Give 'label-weight' a value above 0, or let the method look at a later layer of the student.");
}
