namespace DistillSharp.Models;

/// <summary>The size of a recurrent network that reads words.</summary>
/// <param name="Words">Size of the vocabulary; words are numbers from 0 up to, not including, this.</param>
/// <param name="EmbeddingWidth">Features of a word.</param>
/// <param name="Hidden">Features of the recurrent state, in each direction.</param>
/// <param name="Layers">Recurrent layers above each other, 1 or more.</param>
/// <param name="Bidirectional">Whether texts are also read backwards; for classifiers only.</param>
/// <param name="Dropout">Share that is dropped between layers while training, from 0 up to, not including, 1.</param>
/// <param name="Padding">The word that fills up short texts; null where all have one length.</param>
public sealed record RecurrentSize(
    long Words,
    long EmbeddingWidth = 64,
    long Hidden = 64,
    int Layers = 1,
    bool Bidirectional = false,
    double Dropout = 0,
    long? Padding = 0);
