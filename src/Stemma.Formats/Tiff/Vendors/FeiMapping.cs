using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>FEI / Thermo Fisher values in the vocabulary's terms.</summary>
internal static class FeiMapping
{
    /// <summary>Metres per pixel from [Scan], else from the scan that the beam names; null where the image has no beam.</summary>
    public static double? PixelSize(JsonObject sections, string key) =>
        Quantity.Number(sections.Value("Scan", key)) ?? Quantity.Number(sections.Value(sections.Value("Beam", "Scan") ?? "EScan", key));

    /// <summary>Metres per pixel from the first <c>PixelSize</c> element with an X and a Y child. Values as small as picometres are kept.</summary>
    public static double? PixelSize(XElement xml, int axis)
    {
        foreach (var element in xml.DescendantsAndSelf())
        {
            if (!element.Name.LocalName.Equals("PixelSize", StringComparison.OrdinalIgnoreCase))
                continue;
            var part = element.Elements().Where(child => child.Name.LocalName.ToUpperInvariant() is "X" or "Y").ElementAtOrDefault(axis);
            if (part is not null && Quantity.ToSi(Quantity.Number(part.Value), part.Value("unit")) is { } metres)
                return metres;
        }

        return null;
    }

    public static void Map(JsonObject sections, string name, Acquisition acquisition)
    {
        var beam = sections.Value("Beam", "Beam") ?? (sections.ContainsKey("EBeam") ? "EBeam" : sections.ContainsKey("IBeam") ? "IBeam" : "");
        acquisition.Set("instrument_manufacturer", "FEI", name);
        Text("instrument", "System", "SystemType");
        Text("instrument_identifier", "System", "Dnumber");
        Text("software", "System", "Software");
        Text("operator", "User", "User");
        Text("comment", "User", "UserText");
        Text("detector", "Detectors", "Name");
        if (sections.Value("Detectors", "Mode") != "None")
            Text("signal_type", "Detectors", "Mode");
        if (beam is "EBeam" or "IBeam")
        {
            acquisition.Set("beam_type", beam == "EBeam" ? "electron" : "ion", $"{name}.Beam.Beam");
            acquisition.Set("imaging_mode", beam == "EBeam" ? "SEM" : "FIB", $"{name}.Beam.Beam");
        }

        Number("accelerating_voltage", "Beam", "HV");
        Number("accelerating_voltage", beam, "HV");
        Number("horizontal_field_width", beam, "HFW");
        Number("working_distance", beam, "WD");
        Number("beam_current", beam, "BeamCurrent");
        Number("emission_current", beam, "EmissionCurrent");
        Number("scan_rotation", beam, "ScanRotation");
        Number("spot_size", "Beam", "Spot");
        Number("dwell_time", "Scan", "Dwelltime");
        Number("frame_time", "Scan", "FrameTime");
        Number("pixel_size", "Scan", "PixelWidth");
        if (sections.Value("Scan", "PixelHeight") != sections.Value("Scan", "PixelWidth"))
            Number("pixel_size_y", "Scan", "PixelHeight");
        Number("stage_x", "Stage", "StageX");
        Number("stage_y", "Stage", "StageY");
        Number("stage_z", "Stage", "StageZ");
        Number("stage_rotation", "Stage", "StageR");
        Number("stage_tilt_alpha", "Stage", "StageT");
        Number("stage_tilt_beta", "Stage", "StageTb");
        Number("chamber_pressure", "Vacuum", "ChPressure");
        Time();

        void Text(string term, string section, string key) => acquisition.Set(term, sections.Value(section, key), $"{name}.{section}.{key}");
        void Number(string term, string section, string key) => acquisition.Set(term, Quantity.Number(sections.Value(section, key)), $"{name}.{section}.{key}");

        void Time()
        {
            var written = $"{sections.Value("User", "Date")} {sections.Value("User", "Time")}".Trim();
            if (written.Length == 0)
                return;
            // [User] writes the date in the order of the instrument PC's country; TimeOfCreation has one form everywhere.
            var understood = Understand(sections.Value("PrivateFei", "TimeOfCreation"), "dd.MM.yyyy HH:mm:ss") ?? Understand(written, "MM/dd/yyyy hh:mm:ss tt", "MM/dd/yyyy HH:mm:ss");
            acquisition.SetTime(written, understood, zoneIsKnown: false, $"{name}.User.Date");
        }
    }

    public static void Map(XElement xml, string name, Acquisition acquisition)
    {
        acquisition.Set("instrument_manufacturer", "FEI", name);
        acquisition.Set("pixel_size", PixelSize(xml, 0), $"{name}.PixelSize.X");
        if (PixelSize(xml, 1) != PixelSize(xml, 0))
            acquisition.Set("pixel_size_y", PixelSize(xml, 1), $"{name}.PixelSize.Y");
        acquisition.Set("instrument", xml.Path("Instrument", "InstrumentModel")?.Value ?? xml.Path("Instrument", "InstrumentClass")?.Value, $"{name}.Instrument");
        acquisition.Set("accelerating_voltage", Quantity.Number(xml.Path("Optics", "AccelerationVoltage")?.Value ?? xml.Path("Optics", "AcceleratingVoltage")?.Value), $"{name}.Optics.AccelerationVoltage");
        acquisition.Set("working_distance", Quantity.Number(xml.Path("Optics", "WorkingDistance")?.Value), $"{name}.Optics.WorkingDistance");
        acquisition.Set("dwell_time", Quantity.Number(xml.Path("ScanSettings", "DwellTime")?.Value), $"{name}.ScanSettings.DwellTime");
        var time = xml.Path("Acquisition", "AcquisitionDatetime")?.Value;
        DateTimeOffset? understood = DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;
        acquisition.SetTime(time, understood, time?.Contains('Z') == true || time?.LastIndexOfAny(['+', '-']) > 10, $"{name}.Acquisition.AcquisitionDatetime");
    }

    private static DateTimeOffset? Understand(string? text, params string[] forms) =>
        DateTime.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? new DateTimeOffset(local, TimeSpan.Zero) : null;
}
