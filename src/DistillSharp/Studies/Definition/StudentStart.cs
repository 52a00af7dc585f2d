namespace DistillSharp.Studies;

/// <summary>With which weights students begin.</summary>
public enum StudentStart
{
    /// <summary>Each seed with its own, drawn from it.</summary>
    Fresh,

    /// <summary>
    /// All with those that the first teacher began with, drawn from the teacher's seed; the independent students and those of the second
    /// teacher too, so that only the teaching differs. Seeds then differ in the order of data, and in what methods draw, alone.
    /// </summary>
    Teacher,
}
