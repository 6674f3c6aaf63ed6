using System.Collections;
using System.Reflection;
using PiTap.Model;

namespace PiTap.Host.Tests.Live;

public sealed class BatchJoinTests
{
    private static readonly RecordBatch s_whole = new()
    {
        Flows = [SampleRecords.Flow],
        Lookups = [SampleRecords.Lookup],
        Devices = [SampleRecords.Device],
        Contacts = [SampleRecords.Contact],
        Minutes = [SampleRecords.Minute],
        Sources = SampleRecords.Run.Sources,
        Losses = SampleRecords.Run.Losses,
        Rejects = SampleRecords.Run.Rejects,
    };

    private static IEnumerable<PropertyInfo> Lists =>
        typeof(RecordBatch).GetProperties().Where(static property => property.PropertyType != typeof(bool));

    [Fact]
    public void Each_list_of_a_batch_goes_to_the_store_as_it_came()
    {
        BatchJoin pending = new();
        pending.Add(s_whole);
        RecordBatch taken = pending.Take();
        foreach (PropertyInfo list in Lists)
        {
            Assert.NotEmpty((IEnumerable)list.GetValue(s_whole)!);
            Assert.Equal((IEnumerable)list.GetValue(s_whole)!, (IEnumerable)list.GetValue(taken)!);
        }
    }

    [Fact]
    public void Counters_that_a_later_batch_lacks_are_those_of_the_one_before_and_records_go_once()
    {
        BatchJoin pending = new();
        pending.Add(s_whole);
        pending.Add(new RecordBatch { Minutes = [SampleRecords.Minute] });
        RecordBatch taken = pending.Take();
        Assert.Equal((1, 1, 1, 1), (taken.Flows.Count, taken.Sources.Count, taken.Rejects.Count, taken.Minutes.Count));
        Assert.Equal(2 * SampleRecords.Minute.BytesUp, taken.Minutes[0].BytesUp);
        Assert.Empty(pending.Take().Flows);
    }

    [Fact]
    public void What_a_contact_got_on_top_is_added_up_and_grows_no_list()
    {
        BatchJoin pending = new();
        pending.Add(s_whole);
        long once = pending.Bytes;
        for (int i = 0; i < 100; i++)
            pending.Add(s_whole);
        Assert.Equal(once, pending.Bytes);
        RecordBatch taken = pending.Take();
        Assert.Equal(101 * SampleRecords.Contact.Flows, Assert.Single(taken.Contacts).Flows);
        Assert.Equal(0, pending.Bytes);
    }

    [Fact]
    public void Without_room_the_least_useful_goes_first_and_sums_go_last()
    {
        FlowRecord named = SampleRecords.Flow with { Sequence = 1 };
        FlowRecord unnamed = named with { Sequence = 2, Host = null, PacketsUp = 1, PacketsDown = 1 };
        FlowRecord unanswered = unnamed with { Sequence = 3, PacketsDown = 0 };
        NameLookup answered = SampleRecords.Lookup with { Sequence = 1, ResponseCode = 0 };
        NameLookup asked = answered with { Sequence = 2, ResponseCode = null };
        BatchJoin pending = new();
        pending.Add(s_whole with { Flows = [named, unnamed, unanswered], Lookups = [answered, asked] });
        List<string> gone = [];
        while (pending.Bytes > 0)
        {
            Assert.Equal(1, pending.Shed(pending.Bytes - 1));
            RecordBatch left = pending.Take();
            gone.Add(string.Join(' ', [.. left.Flows.Select(static flow => $"flow{flow.Sequence}"),
                .. left.Lookups.Select(static lookup => $"lookup{lookup.Sequence}"), .. left.Contacts.Select(static _ => "contact"),
                .. left.Minutes.Select(static _ => "minute"), .. left.Devices.Select(static _ => "device")]));
            pending.Add(left);
        }
        Assert.Equal(
        [
            "flow1 flow2 flow3 lookup1 contact minute device", "flow1 flow2 lookup1 contact minute device",
            "flow1 lookup1 contact minute device", "flow1 contact minute device", "contact minute device", "minute device", "device", "",
        ], gone);
    }
}
