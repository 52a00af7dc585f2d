using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>Reads the key <c>images</c> of a teacher or of the students: which training images they learn from.</summary>
internal sealed class SelectionReader(DataSetDescription? data, ProblemList problems)
{
    private const string Expected = "one attribute with the values that are taken, such as 'images: { domain: [photo] }' or 'images: { domain: { photo: 100, sketch: 0 } }'";

    /// <summary>The selection; null where the key is missing, or where something is wrong.</summary>
    public SelectionDefinition? Read(SourceNode section)
    {
        if (section.Find("images") is not { } node)
        {
            return null;
        }

        if (node.Kind != SourceKind.Mapping || node.Entries.Count != 1)
        {
            problems.AddExpected(node, Expected);
            return null;
        }

        SourceEntry entry = node.Entries[0];
        AttributeDescription? attribute = data?.Attributes.FirstOrDefault(a => a.Name == entry.Key);
        if (data is not null && attribute is null)
        {
            string message = data.Attributes.Count == 0
                ? $"There is no attribute '{CoreSchema.Shorten(entry.Key)}': the images of this data set have none."
                : NearestName.Explain("attribute", CoreSchema.Shorten(entry.Key), data.Attributes.Select(a => a.Name));
            problems.Add(entry.KeyNode, message);
            return null;
        }

        List<SelectedValue>? values = entry.Value.Kind switch
        {
            SourceKind.Sequence => ReadNames(entry.Value, attribute),
            SourceKind.Mapping => ReadCounts(entry.Value, attribute),
            _ => null,
        };
        if (values is null)
        {
            if (entry.Value.Kind is not (SourceKind.Sequence or SourceKind.Mapping))
            {
                problems.AddExpected(node, Expected);
            }

            return null;
        }

        if (values.All(v => v.Count == 0))
        {
            problems.Add(entry.Value, "expected at least one image, found none.");
            return null;
        }

        return new SelectionDefinition(entry.Key, [.. values]);
    }

    private List<SelectedValue>? ReadNames(SourceNode list, AttributeDescription? attribute)
    {
        var values = new List<SelectedValue>();
        foreach (SourceNode item in list.Items)
        {
            if (item.Kind != SourceKind.Scalar || CoreSchema.IsNull(item))
            {
                problems.AddExpected(item, "the name of a value");
            }
            else if (values.Any(v => v.Name == item.Text))
            {
                problems.Add(item, $"expected each value once, found '{CoreSchema.Shorten(item.Text)}' again.");
            }
            else if (Exists(item.Text, item, attribute))
            {
                values.Add(new SelectedValue(item.Text, null));
            }
        }

        return values.Count == list.Items.Count ? values : null;
    }

    private List<SelectedValue>? ReadCounts(SourceNode mapping, AttributeDescription? attribute)
    {
        var values = new List<SelectedValue>();
        foreach (SourceEntry entry in mapping.Entries)
        {
            bool exists = Exists(entry.Key, entry.KeyNode, attribute);
            if (!CoreSchema.TryInteger(entry.Value, out long count) || count is < 0 or > int.MaxValue)
            {
                problems.AddExpected(entry.Value, "a number of images: a whole number of at least 0");
                continue;
            }

            int most = attribute?.Values.FirstOrDefault(v => v.Name == entry.Key).TrainImages ?? int.MaxValue;
            if (exists && count > most)
            {
                problems.Add(entry.Value, FormattableString.Invariant($"expected at most {most}, which is how many training images have '{entry.Key}', found {count}."));
            }
            else if (exists)
            {
                values.Add(new SelectedValue(entry.Key, (int)count));
            }
        }

        return values.Count == mapping.Entries.Count ? values : null;
    }

    private bool Exists(string name, SourceNode place, AttributeDescription? attribute)
    {
        if (attribute is null || attribute.Values.Any(v => v.Name == name))
        {
            return true;
        }

        problems.Add(place, NearestName.Explain($"value of '{attribute.Name}'", CoreSchema.Shorten(name), attribute.Values.Select(v => v.Name)));
        return false;
    }
}
