using System.Buffers;
using PiTap.Catalogue.Names;

namespace PiTap.Catalogue.Import;

/// <summary>
/// Takes domains out of a regular expression that is no more than domains with bars between them, such as <c>a\.example|\.b\.example</c>.
/// The expression is never run.
/// </summary>
internal static class NetworkSignature
{
    private static readonly SearchValues<char> s_brackets = SearchValues.Create("()[]{}");

    /// <summary>Adds the domains; returns how many other alternatives there are.</summary>
    public static int Read(string signature, ICollection<string> domains)
    {
        // Inside of brackets a bar separates something else, and behind a backslash nothing.
        if (signature.AsSpan().ContainsAny(s_brackets) || signature.Contains("\\|", StringComparison.Ordinal))
            return 1;
        int others = 0;
        foreach (string alternative in signature.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            string text = alternative.Replace("\\.", ".", StringComparison.Ordinal).Replace("\\-", "-", StringComparison.Ordinal);
            // A dot in front means names below the domain.
            string domain = (text.StartsWith('.') ? text[1..] : text).ToLowerInvariant();
            if (DomainName.IsWellFormed(domain))
                domains.Add(domain);
            else
                others++;
        }
        return others;
    }
}
