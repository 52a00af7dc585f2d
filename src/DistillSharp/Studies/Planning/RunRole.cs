namespace DistillSharp.Studies;

/// <summary>What a trained model is in a study.</summary>
public enum RunRole
{
    /// <summary>The network that teaches.</summary>
    Teacher,

    /// <summary>A network that does not teach: students are scored against it, to show what is specific to their own teacher.</summary>
    OtherTeacher,

    /// <summary>A network that only a teacher is made of or taught by: a member, a generation, an assistant's teacher.</summary>
    Ancestor,

    /// <summary>A student trained without a teacher: the floor.</summary>
    Independent,

    /// <summary>A student trained with a distillation method.</summary>
    Student,

    /// <summary>A student trained with the same method from the other teacher: what it has too is not this teacher's.</summary>
    CrossStudent,
}
