using System.Globalization;
using System.Xml.Linq;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>OME-XML in the vocabulary's terms: the first image speaks for the set.</summary>
internal static class OmeMapping
{
    public static void Map(XElement ome, Acquisition acquisition)
    {
        var image = ome.Path("Image");
        var pixels = image.Path("Pixels");
        var instrument = ome.Path("Instrument");
        acquisition.Set("software", ome.Value("Creator"), "OME.Creator");
        acquisition.Set("instrument", instrument.Path("Microscope").Value("Model"), "OME.Instrument.Microscope.Model");
        acquisition.Set("instrument_manufacturer", instrument.Path("Microscope").Value("Manufacturer"), "OME.Instrument.Microscope.Manufacturer");
        acquisition.Set("instrument_identifier", instrument.Path("Microscope").Value("SerialNumber"), "OME.Instrument.Microscope.SerialNumber");
        acquisition.Set("detector", instrument.Path("Detector").Value("Model"), "OME.Instrument.Detector.Model");
        acquisition.Set("objective_magnification", Quantity.Number(instrument.Path("Objective").Value("NominalMagnification")), "OME.Instrument.Objective.NominalMagnification");
        acquisition.Set("numerical_aperture", Quantity.Number(instrument.Path("Objective").Value("LensNA")), "OME.Instrument.Objective.LensNA");
        acquisition.Set("operator", ome.Path("Experimenter").Value("UserName") ?? Person(ome.Path("Experimenter")), "OME.Experimenter");
        acquisition.Set("comment", image.Path("Description")?.Value, "OME.Image.Description");
        Length("pixel_size", pixels, "PhysicalSizeX", "µm", "OME.Image.Pixels.PhysicalSizeX");
        if (pixels.Value("PhysicalSizeY") != pixels.Value("PhysicalSizeX"))
            Length("pixel_size_y", pixels, "PhysicalSizeY", "µm", "OME.Image.Pixels.PhysicalSizeY");
        Length("excitation_wavelength", pixels.Path("Channel"), "ExcitationWavelength", "nm", "OME.Image.Pixels.Channel.ExcitationWavelength");
        Length("emission_wavelength", pixels.Path("Channel"), "EmissionWavelength", "nm", "OME.Image.Pixels.Channel.EmissionWavelength");
        Length("exposure_time", pixels.Path("Plane"), "ExposureTime", "s", "OME.Image.Pixels.Plane.ExposureTime");

        var time = image.Path("AcquisitionDate")?.Value ?? image.Path("AcquiredDate")?.Value;
        DateTimeOffset? understood = DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;
        acquisition.SetTime(time, understood, time?.LastIndexOfAny(['+', '-', 'Z']) > 10, "OME.Image.AcquisitionDate");

        void Length(string term, XElement? element, string attribute, string defaultUnit, string source) =>
            acquisition.Set(term, Quantity.ToSi(Quantity.Number(element.Value(attribute)), element.Value(attribute + "Unit") ?? defaultUnit), source);
    }

    private static string? Person(XElement? experimenter) =>
        $"{experimenter.Value("FirstName")} {experimenter.Value("LastName")}".Trim() is { Length: > 0 } name ? name : null;
}
