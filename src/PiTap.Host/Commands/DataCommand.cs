using System.CommandLine;
using System.Globalization;
using PiTap.Catalogue;
using PiTap.Catalogue.Packed;
using PiTap.Catalogue.Profiles;
using PiTap.Export;
using PiTap.Host.Arguments;
using PiTap.Host.Machine;
using PiTap.Host.Output;
using PiTap.Host.Platform;

namespace PiTap.Host.Commands;

/// <summary>`pitap data`: what names and addresses are looked up in.</summary>
internal static class DataCommand
{
    private const string DayFormat = "yyyy-MM-dd";

    public static Command Create(Surface surface) => new("data",
        "Name the data that names and addresses are looked up in, or bring newer ones.")
    {
        Show(surface), Profiles(surface), DataImport.Import(surface), DataImport.Undo(surface),
    };

    private static Command Show(Surface surface)
    {
        Option<string> db = CommonOptions.Db();
        Option<bool> json = CommonOptions.Json();
        Command command = new("show",
            "Say of each set of data what it is, of which day, from where and under which licence, and whether it is whole.") { db, json };
        command.SetAction(parsed =>
        {
            Lookups lookups = new ImportedSets(CommonOptions.NamedStore(parsed, db)).Load();
            if (parsed.GetValue(json))
                WriteJson(surface, lookups);
            else
                WriteText(surface, lookups);
            SetDescription[] damaged = [.. lookups.Sets.Where(set => !lookups.IsWhole(set))];
            foreach (SetDescription set in damaged)
                surface.Say($"The set '{set.Name}' is damaged: its checksum is another one. Install PiTap again.");
            return damaged.Length == 0 ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static Command Profiles(Surface surface)
    {
        Option<string> db = CommonOptions.Db();
        Command command = new("profiles",
            "List the apps that PiTap has a profile of: whose they are, and whom their privacy policies name. Files of your own go "
            + "into the folder 'profiles' beside the store.") { db };
        command.SetAction(parsed =>
        {
            Table table = new(surface,
            [
                new("Profile") { IsTitle = true },
                new("App", Rank: 2),
                new("Publisher", Rank: 1) { InList = "by {0}" },
                new("Names", ColumnKind.Number, 3) { InList = "names {0} recipients", InListOne = "names {0} recipient" },
                new("Policy of", Rank: 4) { InList = "policy of {0}" },
                new("Read at", Rank: 5) { InList = "read at {0}" },
            ]);
            string store = CommonOptions.NamedStore(parsed, db);
            Lookups lookups = new ImportedSets(store).Load();
            IReadOnlyList<AppProfile> profiles = AppProfiles.Load(store).All;
            foreach (AppProfile profile in profiles)
            {
                table.Add(profile.Id, profile.App, profile.Publisher, Numbers.Count(profile.Declared.Count),
                    profile.PolicyDate?.ToString(DayFormat, CultureInfo.InvariantCulture), profile.PolicyUrl);
            }
            table.End();
            surface.Out.Flush();
            foreach (AppProfile profile in profiles)
            {
                if (AppProfiles.UnknownRecipients(profile, lookups.Domains) is { } sentence)
                    surface.Say(sentence);
            }
            return ExitCode.Ok;
        });
        return command;
    }

    private static void WriteText(Surface surface, Lookups lookups)
    {
        Table table = new(surface,
        [
            new("Set") { IsTitle = true },
            new("Says", Rank: 3),
            new("Rows", ColumnKind.Number) { InList = "{0} rows" },
            new("Size", ColumnKind.Number, 6),
            new("Date", ColumnKind.Number) { InList = "of {0}" },
            new("Version", Rank: 5) { InList = "version {0}" },
            new("Licence", Rank: 1),
            new("Source", Rank: 2) { InList = "from {0}" },
        ]);
        foreach (SetDescription set in lookups.Sets)
        {
            table.Add(set.Name, set.Title, Numbers.Count(set.Rows), Numbers.SizeCell(set.Bytes),
                set.Date.ToString(DayFormat, CultureInfo.InvariantCulture), set.Version, set.Licence, set.Source);
        }
        table.End();
    }

    private static void WriteJson(Surface surface, Lookups lookups) => RunJson.Print(surface, json =>
    {
        json.WriteStartArray("sets");
        foreach (SetDescription set in lookups.Sets)
        {
            json.WriteStartObject();
            json.WriteText("name", set.Name);
            json.WriteText("title", set.Title);
            json.WriteText("package", set.Package);
            json.WriteText("version", set.Version);
            json.WriteText("date", set.Date.ToString(DayFormat, CultureInfo.InvariantCulture));
            json.WriteText("licence", set.Licence);
            json.WriteText("source", set.Source);
            json.WriteNumber("rows", set.Rows);
            json.WriteNumber("bytes", set.Bytes);
            json.WriteBoolean("whole", lookups.IsWhole(set));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
