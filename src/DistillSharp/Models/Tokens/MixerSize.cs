namespace DistillSharp.Models;

/// <summary>The size of an MLP-Mixer.</summary>
/// <param name="Patch">Height and width of a patch, pixels.</param>
/// <param name="Width">Features of a token.</param>
/// <param name="Depth">Layers, 1 or more.</param>
/// <param name="TokenHidden">Features between the two linear layers across tokens.</param>
/// <param name="ChannelHidden">Features between the two linear layers across features.</param>
/// <param name="Dropout">Share that is dropped while training, from 0 up to, not including, 1.</param>
public sealed record MixerSize(int Patch, long Width, int Depth, long TokenHidden, long ChannelHidden, double Dropout = 0);
