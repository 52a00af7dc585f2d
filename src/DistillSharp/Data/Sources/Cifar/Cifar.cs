namespace DistillSharp.Data;

/// <summary>CIFAR-10 and CIFAR-100 (Krizhevsky, 2009): 50,000 training and 10,000 test photographs, 32 x 32 in colour.</summary>
public static class Cifar
{
    private const string Get = "Get the binary version (for C programs), unpack it and give its folder as the path, or put it where it is looked for.";

    private static readonly string[] CoarseNames =
    [
        "aquatic_mammals", "fish", "flowers", "food_containers", "fruit_and_vegetables", "household_electrical_devices", "household_furniture",
        "insects", "large_carnivores", "large_man-made_outdoor_things", "large_natural_outdoor_scenes", "large_omnivores_and_herbivores",
        "medium_mammals", "non-insect_invertebrates", "people", "reptiles", "small_mammals", "trees", "vehicles_1", "vehicles_2",
    ];

    private static readonly string[] FineNames =
    [
        "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle", "bowl", "boy", "bridge", "bus",
        "butterfly", "camel", "can", "castle", "caterpillar", "cattle", "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab",
        "crocodile", "cup", "dinosaur", "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard",
        "lamp", "lawn_mower", "leopard", "lion", "lizard", "lobster", "man", "maple_tree", "motorcycle", "mountain", "mouse", "mushroom",
        "oak_tree", "orange", "orchid", "otter", "palm_tree", "pear", "pickup_truck", "pine_tree", "plain", "plate", "poppy", "porcupine",
        "possum", "rabbit", "raccoon", "ray", "road", "rocket", "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail",
        "snake", "spider", "squirrel", "streetcar", "sunflower", "sweet_pepper", "table", "tank", "telephone", "television", "tiger",
        "tractor", "train", "trout", "tulip", "turtle", "wardrobe", "whale", "willow_tree", "wolf", "woman", "worm",
    ];

    /// <summary>10 classes.</summary>
    public static CifarDataset Cifar10 { get; } = new("cifar-10", "CIFAR-10: 50,000 + 10,000 colour photographs, 32 x 32, 10 classes.", "cifar-10-batches-bin")
    {
        InstallHint = Get,
        TrainFiles =
        [
            new("data_batch_1.bin", 10_000, "aadd24acce27caa71bf4b10992e9e7b2d74c2540"),
            new("data_batch_2.bin", 10_000, "c0ba65cce70568cd57b4e03e9ac8d2a5367c1795"),
            new("data_batch_3.bin", 10_000, "1dd00a74ab1d17a6e7d73e185b69dbf31242f295"),
            new("data_batch_4.bin", 10_000, "aab85764eb3584312d3c7f65fd2fd016e36a258e"),
            new("data_batch_5.bin", 10_000, "26e2849e66a845b7f1e4614ae70f4889ae604628"),
        ],
        TestFile = new("test_batch.bin", 10_000, "67eb016db431130d61cd03c7ad570b013799c88c"),
        Labels = [new("label", "batches.meta.txt", ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"])],
        Normalization = new Normalization([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]),
    };

    /// <summary>100 classes, or the 20 that they are grouped into.</summary>
    public static CifarDataset Cifar100 { get; } = new("cifar-100", "CIFAR-100: 50,000 + 10,000 colour photographs, 32 x 32, 100 classes in 20 groups.", "cifar-100-binary")
    {
        InstallHint = Get,
        TrainFiles = [new("train.bin", 50_000, "e207cd2e05b73b1393c74c7f5e7bea451d63e08e")],
        TestFile = new("test.bin", 10_000, "8fb6623e830365ff53cf14adec797474f5478006"),
        Labels = [new("coarse", "coarse_label_names.txt", CoarseNames), new("fine", "fine_label_names.txt", FineNames)],
        Normalization = new Normalization([0.5071, 0.4865, 0.4409], [0.2673, 0.2564, 0.2762]),
    };
}
