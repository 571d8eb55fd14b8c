using System.Text.Json.Nodes;
using Stemma.Formats.Tiff.Series;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>What a vendor wrote into a TIFF beside the pixels.</summary>
internal interface ITiffMetadata
{
    /// <summary>Short name of the kind of file, e.g. <c>FEI SEM</c>.</summary>
    string Variant { get; }

    /// <summary>Whether Make and Model of the TIFF name the camera, not the instrument.</summary>
    bool ModelIsCamera => false;

    /// <summary>Adds the vendor's own sections under the vendor's own names.</summary>
    void AddTo(JsonObject original);

    /// <summary>Calibration of a page's axes; null where the vendor gives none.</summary>
    PageCalibration? Calibrate(TiffPage page);

    /// <summary>Maps the vendor's values to the vocabulary.</summary>
    void Map(Acquisition acquisition);
}
