using System.Security.Cryptography;
using System.Text;

namespace DistillSharp.Reporting.Html;

/// <summary>A script inside a page, with the hash by which the page's content policy lets it run.</summary>
public sealed record InlineScript
{
    /// <summary>Takes a script's text and makes it safe to stand between script tags.</summary>
    public InlineScript(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        // "</script" would end the element and "<!--" would change how it ends. Both can stand only in strings and
        // regular expressions of a script, and there a backslash before "/" or "!" changes nothing.
        Text = text
            .Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)
            .Replace("<!--", "<\\!--", StringComparison.Ordinal);
        Hash = $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}";
    }

    /// <summary>The script as it stands in the page.</summary>
    public string Text { get; }

    /// <summary>Its hash, as a content policy writes it.</summary>
    public string Hash { get; }
}
