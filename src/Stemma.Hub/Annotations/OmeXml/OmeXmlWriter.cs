using System.Globalization;
using System.Xml;

namespace Stemma.Hub.Annotations.OmeXml;

/// <summary>
/// Annotations as regions of interest in OME-XML (schema 2016-06, https://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd). Each is one ROI: its shape, and its label as a Label
/// at the shape's corner; the label is the ROI's name, the note its description, tags are tag annotations. Coordinates are pixels with the origin at the outer corner of the first
/// pixel; the calibration is the physical size of the pixels. Of a plane, OME knows z, c and t.
/// </summary>
internal sealed class OmeXmlWriter : IDisposable
{
    private const string Namespace = "http://www.openmicroscopy.org/Schemas/OME/2016-06";
    private const int SendBytes = 64 << 10;

    /// <summary>UnitsLength of the schema, as far as microscopes use them.</summary>
    private static readonly string[] Lengths = ["m", "cm", "mm", "µm", "nm", "pm", "Å"];

    private readonly Stream _output;

    /// <summary>What is written and not sent: XML is written synchronously, and an answer is not.</summary>
    private readonly MemoryStream _ready = new();
    private readonly XmlWriter _xml;
    private readonly Dictionary<string, int> _tags = new(StringComparer.Ordinal);

    public OmeXmlWriter(Stream output)
    {
        _output = output;
        _xml = XmlWriter.Create(_ready, new XmlWriterSettings { Indent = true });
    }

    /// <param name="marked">What there is: the schema wants images, then tags, then regions.</param>
    public async Task WriteAsync(string name, ImagePlane? plane, MarkedImage marked, IAsyncEnumerable<AnnotationRow> rows, CancellationToken cancellationToken)
    {
        foreach (var tag in marked.Tags)
            _tags.Add(tag, _tags.Count);
        _xml.WriteStartDocument();
        _xml.WriteStartElement("OME", Namespace);
        _xml.WriteAttributeString("Creator", "Stemma");
        WriteImage(name, plane, marked.Count);
        WriteTags();
        var index = 0;
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            WriteRegion(index++, row);
            if (_ready.Length > SendBytes)
                await SendAsync(cancellationToken);
        }

        _xml.WriteEndElement();
        _xml.WriteEndDocument();
        _xml.Flush();
        await SendAsync(cancellationToken);
    }

    public void Dispose()
    {
        _xml.Dispose();
        _ready.Dispose();
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await _output.WriteAsync(_ready.GetBuffer().AsMemory(0, (int)_ready.Length), cancellationToken);
        _ready.SetLength(0);
    }

    private void WriteImage(string name, ImagePlane? plane, long regions)
    {
        if (plane is null)
            return;
        var type = PixelType(plane.PixelType, out var channels);
        _xml.WriteStartElement("Image", Namespace);
        Attributes(("ID", "Image:0"), ("Name", Readable(plane.Title ?? name)));
        _xml.WriteStartElement("Pixels", Namespace);
        Attributes(("ID", "Pixels:0"), ("DimensionOrder", "XYZCT"), ("Type", type), ("SizeX", Number(plane.Columns)), ("SizeY", Number(plane.Rows)),
            ("SizeZ", Number(plane.Others.GetValueOrDefault("z", 1))), ("SizeC", Number(channels * plane.Others.GetValueOrDefault("c", 1))), ("SizeT", Number(plane.Others.GetValueOrDefault("t", 1))));
        WriteSize("X", plane.Calibration?.X);
        WriteSize("Y", plane.Calibration?.Y);
        Element("MetadataOnly");
        _xml.WriteEndElement();
        for (var index = 0; index < regions; index++)
            Element("ROIRef", ("ID", $"ROI:{index}"));
        _xml.WriteEndElement();
    }

    private void WriteSize(string direction, CalibratedAxis? axis)
    {
        if (axis?.Unit is not { } unit || !Lengths.Contains(unit))
            return;
        Attributes(($"PhysicalSize{direction}", Number(Math.Abs(axis.Scale))), ($"PhysicalSize{direction}Unit", unit));
    }

    private void WriteTags()
    {
        if (_tags.Count == 0)
            return;
        _xml.WriteStartElement("StructuredAnnotations", Namespace);
        foreach (var (tag, index) in _tags)
        {
            _xml.WriteStartElement("TagAnnotation", Namespace);
            Attributes(("ID", $"Annotation:{index}"));
            _xml.WriteElementString("Value", Namespace, Readable(tag));
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
    }

    private void WriteRegion(int index, AnnotationRow row)
    {
        _xml.WriteStartElement("ROI", Namespace);
        Attributes(("ID", $"ROI:{index}"));
        if (row.Label.Length > 0)
            Attributes(("Name", Readable(row.Label)));
        _xml.WriteStartElement("Union", Namespace);
        var place = Place(row.Indices);
        Element(ShapeName(row.Kind), [("ID", $"Shape:{index}:0"), .. place, .. Geometry(row.Kind, row.Points)]);
        if (row.Label.Length > 0)
            Element("Label", [("ID", $"Shape:{index}:1"), ("Text", Readable(row.Label)), .. place, ("X", Number(Least(row.Points, 0))), ("Y", Number(Least(row.Points, 1)))]);
        _xml.WriteEndElement();
        foreach (var tag in row.Tags)
            Element("AnnotationRef", ("ID", $"Annotation:{_tags[tag]}"));
        if (row.Note.Length > 0)
            _xml.WriteElementString("Description", Namespace, Readable(row.Note));
        _xml.WriteEndElement();
    }

    private static string ShapeName(AnnotationKind kind) => kind == AnnotationKind.Box ? "Rectangle" : kind.ToString();

    private static (string, string)[] Geometry(AnnotationKind kind, double[] p) => kind switch
    {
        AnnotationKind.Point => [("X", Number(p[0])), ("Y", Number(p[1]))],
        AnnotationKind.Line => [("X1", Number(p[0])), ("Y1", Number(p[1])), ("X2", Number(p[2])), ("Y2", Number(p[3]))],
        AnnotationKind.Box => [("X", Number(p[0])), ("Y", Number(p[1])), ("Width", Number(p[2] - p[0])), ("Height", Number(p[3] - p[1]))],
        AnnotationKind.Ellipse =>
            [("X", Number((p[0] + p[2]) / 2)), ("Y", Number((p[1] + p[3]) / 2)), ("RadiusX", Number((p[2] - p[0]) / 2)), ("RadiusY", Number((p[3] - p[1]) / 2))],
        _ => [("Points", string.Join(' ', p.Chunk(2).Select(point => $"{Number(point[0])},{Number(point[1])}")))],
    };

    private static (string, string)[] Place(IReadOnlyDictionary<string, long>? plane) =>
        plane is null ? [] : [.. new[] { "z", "t", "c" }.Where(plane.ContainsKey).Select(axis => ($"The{axis.ToUpperInvariant()}", Number(plane[axis])))];

    private static double Least(double[] points, int from) => points.Where((_, index) => index % 2 == from).Min();

    private static string PixelType(string type, out long channels)
    {
        channels = type switch { "rgb8" or "rgb16" => 3, "rgba8" => 4, _ => 1 };
        return type switch
        {
            "rgb8" or "rgba8" => "uint8",
            "rgb16" => "uint16",
            "float32" => "float",
            "float64" or "int64" or "uint64" => "double", // OME has no integers of 64 bits.
            "complex64" => "complex",
            "complex128" => "double-complex",
            _ => type,
        };
    }

    private void Element(string name, params (string Name, string Value)[] attributes)
    {
        _xml.WriteStartElement(name, Namespace);
        Attributes(attributes);
        _xml.WriteEndElement();
    }

    private void Attributes(params (string Name, string Value)[] attributes)
    {
        foreach (var (name, value) in attributes)
            _xml.WriteAttributeString(name, value);
    }

    /// <summary>XML 1.0 has no place for most control characters.</summary>
    private static string Readable(string text) => text.All(character => XmlConvert.IsXmlChar(character) || char.IsSurrogate(character))
        ? text
        : string.Concat(text.Select(character => XmlConvert.IsXmlChar(character) || char.IsSurrogate(character) ? character : '\ufffd'));

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
