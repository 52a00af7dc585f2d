using DistillSharp.Conformance.Reading;

namespace DistillSharp.Conformance.Checks;

/// <summary>The constants of the formula that fills a network.</summary>
/// <param name="A">What the flat index is multiplied by.</param>
/// <param name="Phase">What the position in the state dict is multiplied by.</param>
/// <param name="Gain">What tensors of two or more dimensions are multiplied by.</param>
internal sealed record FillParameters(double A, double Phase, double Gain)
{
    /// <summary>Reads the constants.</summary>
    /// <param name="root">The file's top.</param>
    /// <param name="gain">The name of the gain that belongs to the network.</param>
    public static FillParameters Read(FixtureNode root, string gain)
    {
        FixtureNode node = root.Get("fill_parameters");
        node.AllowOnly("a", "phase", "gain", "student_gain", "teacher_gain");
        return new FillParameters(node.Get("a").Number(), node.Get("phase").Number(), node.Get(gain).Number());
    }
}
