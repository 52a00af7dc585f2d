namespace DistillSharp.Studies;

/// <summary>An analysis to make once its runs are finished.</summary>
/// <param name="Key"><c>&lt;name&gt;-&lt;hash&gt;</c>, or <c>&lt;name&gt;-&lt;label&gt;-&lt;hash&gt;</c> for an analysis with a label of its own; the hash covers its options, the test images used and its runs. A finished analysis with that key is never repeated.</param>
/// <param name="Analysis">The analysis with its options.</param>
/// <param name="Runs">The runs whose models it measures: all of the study, in the plan's order.</param>
public sealed record PlannedAnalysis(string Key, AnalysisDefinition Analysis, ValueList<RunKey> Runs);
