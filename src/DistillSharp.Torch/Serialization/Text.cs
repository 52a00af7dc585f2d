namespace DistillSharp.Torch.Serialization;

/// <summary>Text from a file, made fit for a message: short, and without control characters.</summary>
internal static class Text
{
    private const int Most = 80;

    public static string Quote(string text) => "'" + Shorten(text) + "'";

    public static string Shorten(string text)
    {
        string head = text.Length <= Most ? text : text[..Most] + "...";
        return string.Create(head.Length, head, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? '?' : source[i];
            }
        });
    }
}
