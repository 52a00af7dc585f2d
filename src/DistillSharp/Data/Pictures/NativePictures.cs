using System.Runtime.InteropServices;

namespace DistillSharp.Data.Pictures;

/// <summary>The C interface of the image library (<c>native/images.h</c>), blittable throughout.</summary>
internal static unsafe partial class NativePictures
{
    private const string Library = "libdistillsharp_images.so";

    [StructLayout(LayoutKind.Sequential)]
    public struct Header
    {
        public int Width;
        public int Height;
        public int Orientation;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public byte* Text;
        public int Length;
    }

    [LibraryImport(Library, EntryPoint = "dsi_jpeg_header")]
    public static partial int JpegHeader(byte* data, long length, Header* header, Message* message);

    [LibraryImport(Library, EntryPoint = "dsi_jpeg_pixels")]
    public static partial int JpegPixels(byte* data, long length, Header* header, int channels, byte* pixels, Message* message);

    [LibraryImport(Library, EntryPoint = "dsi_png_header")]
    public static partial int PngHeader(byte* data, long length, Header* header, Message* message);

    [LibraryImport(Library, EntryPoint = "dsi_png_pixels")]
    public static partial int PngPixels(byte* data, long length, Header* header, int channels, byte* pixels, Message* message);

    [LibraryImport(Library, EntryPoint = "dsi_jpeg_write")]
    public static partial long JpegWrite(byte* pixels, int width, int height, int channels, int quality, byte* file, long capacity);

    [LibraryImport(Library, EntryPoint = "dsi_png_write")]
    public static partial long PngWrite(byte* pixels, int width, int height, int channels, byte* file, long capacity);
}
