using DistillSharp.Conformance.Checks;
using DistillSharp.Conformance.Reading;

namespace DistillSharp.Tests.Conformance;

public class FixtureNetworksTests
{
    [Theory]
    [InlineData("cifar", "vgg11", "vgg11")]
    [InlineData("imagenet", "vgg11", "imagenet-vgg11")]
    [InlineData("imagenet", "mobilenet_v2", "imagenet-mobilenet_v2")]
    [InlineData("imagenet", "vit_b_32", "vit_b_32")]
    [InlineData("imagenet", "swin_t", "swin_t")]
    public void Should_tell_networks_of_the_same_name_apart(string group, string name, string zoo) =>
        Assert.Equal(zoo, FixtureNetworks.ZooName(group, name));

    [Fact]
    public void Should_have_every_network() =>
        Assert.All(FixtureNetworks.Groups, group => Assert.All(group.Value, name => Assert.True(FixtureNetworks.IsImplemented(group.Key, name, ""))));

    [Fact]
    public void Should_name_the_nearest_of_the_same_group()
    {
        string message = Assert.Throws<FixtureException>(() => FixtureNetworks.IsImplemented("imagenet", "resnet20", "")).Message;
        Assert.Contains("There is no network 'resnet20'.", message);
        Assert.DoesNotContain("resnet8x4", message);
    }
}
