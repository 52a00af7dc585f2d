namespace DistillSharp.Data.Pictures;

/// <summary>Bounds the memory of pictures that are decoded at the same time: threads wait while too many pixels are being worked on.</summary>
/// <param name="most">Pixels at a time; a single picture may have more.</param>
internal sealed class PixelBudget(long most)
{
    private readonly object _gate = new();
    private long _used;

    /// <summary>Waits until there is room.</summary>
    public void Enter(long pixels)
    {
        lock (_gate)
        {
            while (_used > 0 && _used + pixels > most)
            {
                Monitor.Wait(_gate);
            }

            _used += pixels;
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Leave(long pixels)
    {
        lock (_gate)
        {
            _used -= pixels;
            Monitor.PulseAll(_gate);
        }
    }
}
