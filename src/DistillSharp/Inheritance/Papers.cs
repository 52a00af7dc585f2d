namespace DistillSharp.Inheritance;

/// <summary>The papers that several analyses follow: authors, title and venue.</summary>
internal static class Papers
{
    /// <summary>arXiv 2205.16004.</summary>
    public const string Ojha2023 = "Ojha, Li, Sundara Rajan, Liang, Lee: What Knowledge Gets Distilled in Knowledge Distillation? NeurIPS 2023";
}
