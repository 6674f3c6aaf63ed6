using System.CommandLine;
using PiTap.Export;
using PiTap.Host.Arguments;
using PiTap.Host.Machine;
using PiTap.Host.Output;
using PiTap.Host.Platform;

namespace PiTap.Host.Commands;

/// <summary>`pitap doctor`: what this machine can and cannot do.</summary>
internal static class DoctorCommand
{
    public static Command Create(Surface surface)
    {
        Option<string> db = CommonOptions.Db();
        Option<bool> json = CommonOptions.Json();
        Command command = new("doctor",
            "Say what this machine can and cannot do. Exit code 0 where capture files can be read into the store.") { db, json };
        command.SetAction(parsed =>
        {
            DoctorReport report = DoctorReport.Judge(MachineProbe.Look(CommonOptions.NamedStore(parsed, db), surface.Clock));
            if (parsed.GetValue(json))
                WriteJson(surface, report);
            else
                WriteText(surface, report);
            return report.CanReplay ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    public static void WriteText(Surface surface, DoctorReport report)
    {
        foreach (Check check in report.Checks)
        {
            surface.Out.WriteLine($"{check.StateText,-8}  {TerminalText.Clean(check.Text)}");
            if (check.Advice is not null)
                surface.Out.WriteLine($"{"",-8}  {check.Advice}");
        }
        surface.Out.WriteLine();
        surface.Out.WriteLine((report.CanReplay, report.CanCapture) switch
        {
            (true, true) => "This machine can read capture files and capture live.",
            (true, false) => "This machine can read capture files, but not capture live.",
            _ => "This machine can do neither before the store is put right.",
        });
        surface.Out.Flush();
    }

    public static void WriteJson(Surface surface, DoctorReport report) => RunJson.Print(surface, json =>
    {
        json.WriteBoolean("canReplay", report.CanReplay);
        json.WriteBoolean("canCapture", report.CanCapture);
        json.WriteStartArray("checks");
        foreach (Check check in report.Checks)
        {
            json.WriteStartObject();
            json.WriteText("name", check.Name);
            json.WriteText("state", check.StateText);
            json.WriteText("text", check.Text);
            json.WriteText("advice", check.Advice);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
