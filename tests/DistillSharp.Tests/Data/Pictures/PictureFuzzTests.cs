using DistillSharp.Data.Pictures;

namespace DistillSharp.Tests.Data.Pictures;

/// <summary>Damaged files either decode or are refused; they never end the process or reserve much memory.</summary>
public class PictureFuzzTests
{
    private const int Rounds = 3000;

    public static TheoryData<string> Kinds { get; } = ["jpeg", "jpeg with exif", "inks", "png", "png with palette", "png with exif"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Should_survive_damage(string kind)
    {
        byte[] sound = Sound(kind);
        var random = new Random(kind.Length);
        int refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] file = Damage(sound, random);
            try
            {
                PictureHeader header = PictureDecoder.ReadHeader(file);
                // What is large but allowed is left out: it would only take time.
                if (header.Pixels < 1 << 16)
                {
                    (byte[] planes, _, _) = PictureFiles.Read(file, channels: 1 + (2 * random.Next(2)), size: random.Next(2) == 0 ? 5 : null);
                    Assert.NotEmpty(planes);
                }
            }
            catch (PictureException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, Rounds);
    }

    private static byte[] Damage(byte[] sound, Random random)
    {
        byte[] file = [.. sound];
        for (int change = random.Next(1, 5); change > 0; change--)
        {
            // Headers more often than pixels; beyond the signature, which would otherwise end most rounds at once.
            int at = random.Next(3) > 0 ? random.Next(8, Math.Min(file.Length, 200)) : random.Next(8, file.Length);
            switch (random.Next(5))
            {
                case 0:
                    file[at] = (byte)random.Next(256);
                    break;
                case 1:
                    file[at] = (byte)(random.Next(2) * 255);
                    break;
                case 2:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 3:
                    file = file[..Math.Max(9, at)];
                    break;
                default:
                    int end = Math.Min(file.Length, at + random.Next(1, 20));
                    file = [.. file[..end], .. file[at..]];
                    break;
            }
        }

        return file;
    }

    private static byte[] Sound(string kind)
    {
        byte[] colours = PictureFiles.Smooth(20, 12, 3);
        return kind switch
        {
            "jpeg" => PictureEncoder.Jpeg(colours, 20, 12, 3),
            "jpeg with exif" => PictureFiles.WithOrientation(PictureEncoder.Jpeg(colours, 20, 12, 3), 6),
            "inks" => PictureEncoder.Jpeg(PictureFiles.Smooth(20, 12, 4), 20, 12, 4),
            "png" => PictureEncoder.Png(colours, 20, 12, 3),
            "png with palette" => PictureFiles.Png(4, 4, 4, 3, [[0x01, 0x23], [0x10, 0x32], [0, 0], [0x33, 0x33]], ("PLTE", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), ("tRNS", [0, 128])),
            _ => PictureFiles.Png(3, 2, 8, 0, [[1, 2, 3], [4, 5, 6]], ("eXIf", PictureFiles.Tiff(5, little: true))),
        };
    }
}
