using System.CommandLine;
using PiTap.Catalogue;
using PiTap.Catalogue.Import;
using PiTap.Catalogue.Packed;
using PiTap.Host.Arguments;
using PiTap.Host.Machine;
using PiTap.Host.Output;
using PiTap.Host.Platform;
using PiTap.Store.Files;

namespace PiTap.Host.Commands;

/// <summary>`pitap data import` and `pitap data undo`: newer data in the place of those that PiTap carries, and back.</summary>
internal static class DataImport
{
    public static Command Import(Surface surface)
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "A database of countries (mmdb), or lists of ranges (csv) with countries, or with the numbers and names of "
                + "networks; two files where each has one family of addresses. Or a list of trackers (json) that you have, by AdGuard, "
                + "DuckDuckGo, Disconnect or Exodus; two files where it has two.",
            Arity = ArgumentArity.OneOrMore,
        };
        files.Validators.Add(CommonOptions.NoOptions);
        Option<string> place = new("--as")
        {
            Description = "The set that countries take the place of: hosted, or hosted-second.",
            HelpName = "SET",
            DefaultValueFactory = static _ => SetImport.CountrySets[0],
        };
        place.AcceptOnlyFromAmong([.. SetImport.CountrySets]);
        Option<string> db = CommonOptions.Db();
        Command command = new("import",
            "Read newer data and use them in the place of those that PiTap carries, or lists of trackers that it may not carry. They are "
            + "kept beside the store.") { files, place, db };
        command.SetAction(parsed =>
        {
            ImportFile[] given = [.. parsed.GetRequiredValue(files).Select(Read)];
            ImportedSet set = SetImport.Read(given, parsed.GetRequiredValue(place), out string? error)
                ?? throw new CliException($"Nothing was imported: {error}.");
            ImportedSets sets = new(CommonOptions.NamedStore(parsed, db));
            sets.Save(set);
            surface.Paragraph(Describe(set));
            surface.Out.Flush();
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Undo(Surface surface)
    {
        Argument<string> set = new("SET") { Description = "The imported set, as 'pitap data show' names it." };
        set.AcceptOnlyFromAmong([.. SetImport.Sets]);
        Option<string> db = CommonOptions.Db();
        Command command = new("undo", "Take an imported set out, and use what PiTap carries.") { set, db };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(set);
            if (new ImportedSets(CommonOptions.NamedStore(parsed, db)).Remove(name))
                return ExitCode.Ok;
            surface.Say($"Nothing was imported for '{name}'; see 'pitap data show'.");
            return ExitCode.Failed;
        });
        return command;
    }

    private static string Describe(ImportedSet set)
    {
        (string name, int rows, DateOnly date) = (set.Description.Name, set.Description.Rows, set.Description.Date);
        SetDescription? before = Lookups.Load().Sets.FirstOrDefault(own => own.Name == name);
        return before is not null
            ? $"{Numbers.Of(rows, "row")} of {date:yyyy-MM-dd} for '{name}' are used from now on, in the place of "
                + $"{Numbers.Count(before.Rows)} of {before.Date:yyyy-MM-dd} that PiTap carries. 'pitap data undo {name}' takes them out."
            : $"'{name}' has {Numbers.Of(rows, "domain")}, of {date:yyyy-MM-dd}, and is used from now on, behind PiTap's own table. "
                + $"{(set.Note is null ? "" : set.Note + " ")}'pitap data undo {name}' takes it out.";
    }

    private static ImportFile Read(string path)
    {
        string target = FileKinds.Of(path) == FileKind.Link ? File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName : path;
        if (FileKinds.Of(target) == FileKind.Nothing)
            throw new CliException($"There is no file {path}.");
        // To open a pipe may wait for ever.
        if (FileKinds.Obstacle(FileKinds.Of(target)) is { } obstacle)
            throw new CliException($"{path} is {obstacle}, not a file.");
        byte[] bytes = BoundedFile.Read(target, SetImport.MaxFileBytes)
            ?? throw new CliException($"{path} has more than {ByteSize.Format(SetImport.MaxFileBytes)}.");
        return new ImportFile(Path.GetFileName(path), bytes, DateOnly.FromDateTime(File.GetLastWriteTimeUtc(target)));
    }
}
