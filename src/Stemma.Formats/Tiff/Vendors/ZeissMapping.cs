using System.Globalization;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>Zeiss SEM values in the vocabulary's terms.</summary>
internal static class ZeissMapping
{
    public static void Map(ZeissBlock block, string path, long width, Acquisition acquisition)
    {
        acquisition.Set("instrument_manufacturer", "Zeiss", path);
        Text("instrument", "SV_SERIAL_NUMBER");
        Text("instrument_identifier", "SV_SERIAL_NUMBER");
        Text("software", "SV_VERSION");
        Text("operator", "SV_USER_NAME");
        Text("operator", "SV_OPERATOR");
        Text("comment", "SV_USER_TEXT");
        Text("specimen", "SV_SAMPLE_ID");
        Text("detector", "DP_DETECTOR_CHANNEL");
        Text("detector", "DP_DETECTOR_TYPE");
        acquisition.Set("beam_type", block["DP_FIB_IMAGING"]?.Contains("FIB", StringComparison.Ordinal) == true ? "ion" : "electron", Key("DP_FIB_IMAGING"));
        acquisition.Set("imaging_mode", block["DP_FIB_IMAGING"] ?? "SEM", Key("DP_FIB_IMAGING"));
        Number("accelerating_voltage", "AP_MANUALKV");
        Number("accelerating_voltage", "AP_ACTUALKV");
        Number("nominal_magnification", "AP_MAG");
        Number("working_distance", "AP_WD");
        Number("beam_current", "AP_IPROBE");
        Number("emission_current", "AP_BEAM_CURRENT");
        Number("dwell_time", "DP_DWELL_TIME");
        Number("horizontal_field_width", "AP_WIDTH");
        Number("stage_x", "AP_STAGE_AT_X");
        Number("stage_y", "AP_STAGE_AT_Y");
        Number("stage_z", "AP_STAGE_AT_Z");
        Number("stage_tilt_alpha", "AP_STAGE_AT_T");
        Number("stage_rotation", "AP_STAGE_AT_R");
        Number("chamber_pressure", "AP_SYSTEM_VAC");
        acquisition.Set("pixel_size", block.PixelMetres(width), $"{path}.numbers[3]");
        if (block["AP_FRAME_TIME"] is { } frame)
            acquisition.Set("frame_time", Quantity.ToSi(frame) ?? (frame.EndsWith("Mins", StringComparison.Ordinal) ? 60 * Quantity.Parse(frame)?.Value : null), Key("AP_FRAME_TIME"));

        var written = $"{block["AP_DATE"]} {block["AP_TIME"]}".Trim();
        DateTimeOffset? understood = DateTime.TryParseExact(written, "d MMM yyyy H:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? new DateTimeOffset(local, TimeSpan.Zero)
            : null;
        acquisition.SetTime(written, understood, zoneIsKnown: false, Key("AP_DATE"));

        string Key(string key) => $"{path}.{key}";
        void Text(string term, string key) => acquisition.Set(term, block[key], Key(key));
        void Number(string term, string key) => acquisition.Set(term, Quantity.ToSi(block[key]), Key(key));
    }
}
