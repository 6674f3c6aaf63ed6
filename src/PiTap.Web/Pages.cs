using PiTap.Model;
using RazorSlices;

namespace PiTap.Web;

/// <summary>Records as HTML. All text in them is hostile, and is escaped where it is written.</summary>
public static class Pages
{
    /// <summary>One document: a table of contacts in the given order.</summary>
    public static async Task WriteContacts(TextWriter output, IReadOnlyList<ContactRecord> contacts)
    {
        using RazorSlice<IReadOnlyList<ContactRecord>> page = Slices.Contacts.Create(contacts);
        await page.RenderAsync(output).ConfigureAwait(false);
    }
}
