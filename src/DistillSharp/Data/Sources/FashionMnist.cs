namespace DistillSharp.Data;

/// <summary>Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017): 60,000 training and 10,000 test images of clothes, 28 x 28 grey, 10 classes.</summary>
public static class FashionMnist
{
    /// <summary>How to find and load it; its files are checked against the published content.</summary>
    public static IdxDataset Source { get; } = new("fashion-mnist", "Fashion-MNIST: 60,000 + 10,000 grey images of clothes, 28 x 28, 10 classes.")
    {
        InstallHint = "On Debian: apt-get install dataset-fashion-mnist. Elsewhere: put the four files in a folder and give it as the path.",
        ClassNames = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
        Normalization = new Normalization([0.2860], [0.3530]),
        FolderVariable = "FASHION_MNIST",
        UsualFolders = ["/usr/share/datasets/fashion-mnist"],
        Checksums = new IdxChecksums(
            TrainImages: "f4a8712d7a061bf5bd6d2ca38dc4d50a",
            TrainLabels: "9018921c3c673c538a1fc5bad174d6f9",
            TestImages: "8181f5470baa50b63fa0f6fddb340f0a",
            TestLabels: "15d484375f8d13e6eb1aabb0c3f46965"),
    };
}
