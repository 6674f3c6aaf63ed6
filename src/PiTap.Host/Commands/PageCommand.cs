using System.CommandLine;
using PiTap.Host.Output;
using PiTap.Host.Platform;
using PiTap.Model;
using PiTap.Web;

namespace PiTap.Host.Commands;

/// <summary>
/// `pitap page HOST...`, in no help text: a page with a contact for each host on standard output. A page that the compiler trimmed away
/// is missing
/// without a word; this shows that it is there.
/// </summary>
internal static class PageCommand
{
    public static Command Create(Surface surface)
    {
        Argument<string[]> hosts = new("HOST") { Description = "What stands on the page as host names.", Arity = ArgumentArity.ZeroOrMore };
        Command command = new("page", "Write a page of contacts.") { hosts };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            ContactRecord[] contacts = [.. parsed.GetRequiredValue(hosts).Select(static host =>
                new ContactRecord { Device = "02:00:00:00:00:01", Host = host, HostSource = HostSource.Dns, Flows = 1 })];
            Pages.WriteContacts(surface.Out, contacts).GetAwaiter().GetResult();
            return ExitCode.Ok;
        });
        return command;
    }
}
