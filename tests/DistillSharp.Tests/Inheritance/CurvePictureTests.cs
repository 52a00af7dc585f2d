using DistillSharp.Inheritance;

namespace DistillSharp.Tests.Inheritance;

public sealed class CurvePictureTests
{
    [Fact]
    public void Should_Draw_A_Line_Where_Its_Values_Lie_And_Leave_A_Gap_Where_There_Is_None()
    {
        Curve level = new("level", [0.75, 0.75, double.NaN, 0.75], (200, 0, 0), Dashed: false);
        Curve low = new("low", [0.5, double.NaN, double.NaN, double.NaN], (0, 0, 200), Dashed: false);

        byte[] pixels = CurvePicture.Draw([level, low]);

        Assert.Equal(0.5, CurvePicture.Bottom([level, low]));
        Assert.Equal(3 * CurvePicture.Width * CurvePicture.Height, pixels.Length);
        Assert.Equal([200, 0, 0], Pixel(pixels, 60, CurvePicture.Height / 2));
        Assert.Equal([0, 0, 200], Pixel(pixels, 8, CurvePicture.Height - 8));
        Assert.NotEqual([200, 0, 0], Pixel(pixels, 160, CurvePicture.Height / 2));
        Assert.Equal([200, 0, 0], Pixel(pixels, CurvePicture.Width - 8, CurvePicture.Height / 2));
    }

    private static byte[] Pixel(byte[] pixels, int x, int y) => pixels[(3 * ((y * CurvePicture.Width) + x))..((3 * ((y * CurvePicture.Width) + x)) + 3)];
}
