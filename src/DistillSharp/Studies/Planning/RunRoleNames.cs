namespace DistillSharp.Studies;

/// <summary>The names of roles in folders and results.</summary>
public static class RunRoleNames
{
    /// <summary><c>teacher</c>, <c>other-teacher</c>, <c>ancestor</c>, <c>independent</c>, <c>student</c> or <c>cross-student</c>.</summary>
    public static string ToName(this RunRole role) => role switch
    {
        RunRole.Teacher => "teacher",
        RunRole.OtherTeacher => "other-teacher",
        RunRole.Ancestor => "ancestor",
        RunRole.Independent => "independent",
        RunRole.Student => "student",
        RunRole.CrossStudent => "cross-student",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "There is no such role."),
    };
}
