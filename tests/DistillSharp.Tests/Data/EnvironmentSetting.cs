namespace DistillSharp.Tests.Data;

/// <summary>An environment variable that is set back after the test.</summary>
internal sealed class EnvironmentSetting : IDisposable
{
    private readonly string _name;
    private readonly string? _before;

    public EnvironmentSetting(string name, string? value)
    {
        (_name, _before) = (name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }

    public void Dispose() => Environment.SetEnvironmentVariable(_name, _before);
}
