using DistillSharp;
using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Inheritance;

Choice large = new("convnet") { ["widths"] = new[] { 32, 64, 128 } };
Choice small = new("convnet") { ["widths"] = new[] { 16, 32, 64 } };
var options = new DistillerOptions { Images = 6000, Epochs = 3 };
using var data = FashionMnist.Source.Load();
using var teacher = Distiller.Train(large, data, options);
using var student = Distiller.Distill(teacher, small, data, "kl", options);
using var alone = Distiller.Train(small, data, options);
using var answers = teacher.Evaluate(data.Test.Images);
Console.WriteLine($"The student agrees with its teacher on {ClassificationMetrics.Agreement(answers, student.Evaluate(data.Test.Images)):P1} of the test images,");
Console.WriteLine($"the same network trained alone on {ClassificationMetrics.Agreement(answers, alone.Evaluate(data.Test.Images)):P1}.");
student.Save("student.safetensors");
