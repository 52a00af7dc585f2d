namespace DistillSharp.Studies;

/// <summary>The students: one network, trained once for each seed and method.</summary>
/// <param name="Model">The network of every student.</param>
/// <param name="Seeds">Seeds of initialisation and order of data, each at least 0, without repeats.</param>
/// <param name="Methods">How they are trained; <see cref="MethodDefinition.Independent"/> is always among them.</param>
public sealed record StudentsDefinition(ModelDefinition Model, ValueList<int> Seeds, ValueList<MethodDefinition> Methods)
{
    /// <summary>Which training images all students learn from, the independent ones too; null for all.</summary>
    public SelectionDefinition? Images { get; init; }

    /// <summary>With which weights all students begin, the independent ones too.</summary>
    public StudentStart Start { get; init; }

    /// <summary>What distilled students see; students without a teacher always learn from labelled images.</summary>
    public TransferDefinition Data { get; init; } = TransferDefinition.Own;
}
