namespace Stemma.Bench.Catalog;

/// <param name="ScopeId">Its own, where it has grants or placements; else its parent's.</param>
internal sealed record MadeNode(Guid Id, string Kind, MadeNode? Parent, Guid ScopeId, string Name, string Description, string[] Tags, Guid CreatedBy);

internal sealed record MadeGrant(Guid Id, Guid NodeId, Guid PrincipalId, int Capabilities, Guid GrantedBy);

internal sealed record MadePlacement(Guid SpaceId, Guid NodeId, int Capabilities, Guid PlacedBy);

/// <summary>Projects of very different sizes, collections in them two deep, datasets of about 50 files, spaces; one subtree in five is shared in by grants or lies in a space.</summary>
internal sealed class MadeTree
{
    private const int Projects = 200, Spaces = 20, FilesPerDataset = 50, DatasetsPerCollection = 8;
    private const int See = 1 | 2, Edit = 1 | 2 | 4 | 8, Own = 63;
    private const double Shared = 0.2;
    private readonly Dice _dice;
    private readonly MadePeople _people;
    private readonly List<MadeNode> _nodes = [];
    private readonly List<MadeGrant> _grants = [];
    private readonly List<MadePlacement> _placements = [];
    private readonly List<MadeNode> _spaces = [];

    public MadeTree(int seed, int files, MadePeople people)
    {
        _dice = new Dice(seed, -2);
        _people = people;
        for (var number = 0; number < Spaces; number++)
            _spaces.Add(AddRoot("space", $"{Wording.Words.Choices[300 + number]} collection"));
        var projects = new Skewed<MadeNode>([.. Enumerable.Range(0, Projects).Select(number => AddRoot("project", $"{Wording.Topic(_dice, 2)} {2016 + (number % 10)}"))], 0.6);
        var collections = projects.Choices.ToDictionary(project => project.Id, project => new List<MadeNode> { project });
        var datasets = new List<MadeNode>();
        for (var number = 0; number < Math.Max(1, files / FilesPerDataset); number++)
        {
            var project = projects.Draw(_dice);
            var homes = collections[project.Id];
            // Collections lie in the project or in one another, two deep.
            if (homes.Count < 2 + (number / DatasetsPerCollection / Projects) || _dice.Is(1.0 / DatasetsPerCollection))
                homes.Add(Add("collection", homes.Count > 3 && _dice.Is(0.5) && _dice.Of(homes) is { Parent: { Parent: null } } upper ? upper : project, $"{Wording.Topic(_dice, 3)} {homes.Count}"));
            datasets.Add(Add("dataset", _dice.Of(homes), $"{Wording.Topic(_dice, 4)} {number}"));
        }

        Datasets = datasets;
    }

    /// <summary>Parents before their children.</summary>
    public IReadOnlyList<MadeNode> Nodes => _nodes;

    public IReadOnlyList<MadeGrant> Grants => _grants;

    public IReadOnlyList<MadePlacement> Placements => _placements;

    public IReadOnlyList<MadeNode> Datasets { get; }

    /// <summary>A person's own; some people and perhaps a group work with it.</summary>
    private MadeNode AddRoot(string kind, string name)
    {
        var id = _dice.Id(MadeFile.Begin);
        var owner = _dice.Of(_people.Accounts).Id;
        var node = new MadeNode(id, kind, null, id, name, Wording.Topic(_dice, 12), Tags(0.5), owner);
        _nodes.Add(node);
        Guid[] others = [.. Enumerable.Range(0, 1 + _dice.Below(4)).Select(_ => _dice.Of(_people.Accounts).Id), .. _dice.Is(0.6) ? [_dice.Of(_people.Groups).Id] : Array.Empty<Guid>()];
        Grant(node, owner, Own);
        foreach (var other in others.Where(other => other != owner).Distinct())
            Grant(node, other, _dice.Is(0.5) ? Edit : See);
        return node;
    }

    private MadeNode Add(string kind, MadeNode parent, string name)
    {
        var id = _dice.Id(MadeFile.Begin);
        var isShared = _dice.Is(Shared);
        var node = new MadeNode(id, kind, parent, isShared ? id : parent.ScopeId, name, _dice.Is(0.2) ? Wording.Topic(_dice, 10) : "", Tags(0.2), parent.CreatedBy);
        _nodes.Add(node);
        if (!isShared)
            return node;
        switch (_dice.Below(3))
        {
            case 0:
                Grant(node, _dice.Of(_people.Accounts).Id, See);
                break;
            case 1:
                Grant(node, _dice.Of(_people.Groups).Id, See);
                break;
            default:
                _placements.Add(new MadePlacement(_dice.Of(_spaces).Id, id, See, node.CreatedBy));
                break;
        }

        return node;
    }

    private string[] Tags(double probability) => _dice.Is(probability) ? [Wording.Tags.Draw(_dice)] : [];

    private void Grant(MadeNode node, Guid principal, int capabilities) => _grants.Add(new MadeGrant(_dice.Id(MadeFile.Begin), node.Id, principal, capabilities, node.CreatedBy));
}
