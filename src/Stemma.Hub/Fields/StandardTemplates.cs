namespace Stemma.Hub.Fields;

/// <summary>Templates that a project can start from and make its own. The hub keeps no tie to them.</summary>
internal static class StandardTemplates
{
    public static IReadOnlyList<NewFieldTemplate> All { get; } =
    [
        new("Sample", [FieldTarget.Dataset],
        [
            new("Sample", FieldType.Link, Help: "A sample of this project, by its name", Required: true),
            new("Material", FieldType.Text, Help: "Composition or organism: Ti-6Al-4V, HeLa cells"),
            new("Sample form", FieldType.Choice, Choices: ["bulk", "thin film", "powder", "lamella", "section", "cells on grid", "cells in dish", "tissue", "suspension", "other"]),
            new("Thickness", FieldType.Number, "nm"),
            new("Sample temperature", FieldType.Number, "K", Help: "While it was imaged"),
            new("Sample made by", FieldType.Person),
            new("Sample made on", FieldType.Date),
        ]),
        new("Preparation", [FieldTarget.Dataset],
        [
            new("Preparation method", FieldType.Choice,
                Choices: ["as received", "mechanical polishing", "electropolishing", "ion milling", "FIB lift-out", "ultramicrotomy", "plunge freezing", "high-pressure freezing", "chemical fixation", "drop casting", "other"]),
            new("Fixation and stain", FieldType.Text, Help: "Chemicals, concentrations and order"),
            new("Support", FieldType.Text, Help: "Grid, film, stub or dish"),
            new("Coating", FieldType.Text, Help: "Material it was coated with"),
            new("Coating thickness", FieldType.Number, "nm"),
            new("Final milling voltage", FieldType.Number, "kV"),
            new("Prepared by", FieldType.Person),
            new("Prepared on", FieldType.Date),
            new("Protocol", FieldType.Link, Help: "Where the full protocol is: an address, or a file here"),
        ]),
        new("Intent", [FieldTarget.Dataset],
        [
            new("Question", FieldType.Text, Help: "What these data are to show", Required: true),
            new("Expected result", FieldType.Text),
            new("Technique", FieldType.Choice,
                Choices: ["TEM", "HRTEM", "STEM", "EELS", "EDS", "electron diffraction", "4D-STEM", "cryo-EM", "tomography", "SEM", "EBSD", "FIB-SEM", "wide field", "confocal", "light sheet", "super-resolution", "microCT", "AFM", "other"]),
            new("Role in the study", FieldType.Choice, Choices: ["measurement", "control", "calibration", "test", "overview"]),
            new("Responsible", FieldType.Person),
            new("Usable", FieldType.Choice, Choices: ["yes", "in part", "no"], Help: "Judged after imaging"),
            new("Remarks", FieldType.Text, Help: "What a reader must know: drift, damage, charging, contamination"),
        ]),
    ];
}
