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
        Assert.Equal((1, 1, 1, 2), (taken.Flows.Count, taken.Sources.Count, taken.Rejects.Count, taken.Minutes.Count));
        Assert.Empty(pending.Take().Flows);
    }
}
