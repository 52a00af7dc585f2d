using DistillSharp.Benchmarks;
using DistillSharp.Torch;

(string Name, string What, Action Run)[] benchmarks =
[
    ("operator-call", "what one call of a small operator costs", OperatorCallCost.Run),
    ("crd-step", "what contrastive distillation costs a step", CrdStep.Run),
    ("method-cost", "what each method's terms cost a step; arguments: threads, methods (all)", () => MethodCost.Run(Threads(), args[Math.Min(2, args.Length)..])),
    ("training-step", "a student's step, and a turn of a teacher with four students; argument: threads", () => TrainingStep.Run(Threads())),
    ("inference", "forward passes of trained networks, a slice at a time; argument: threads", () => Inference.Run(Threads())),
    ("layout", "both memory layouts for every network, training and forward; arguments: threads, networks (all)", () => Layout.Run(Threads(), args[Math.Min(2, args.Length)..])),
];

foreach ((string name, _, Action run) in benchmarks)
{
    if (args.Length > 0 && args[0] == name)
    {
        TorchRuntime.EnsureStarted();
        run();
        return 0;
    }
}

Console.Error.WriteLine("usage: DistillSharp.Benchmarks BENCHMARK [ARGUMENTS]");
foreach ((string name, string what, _) in benchmarks)
{
    Console.Error.WriteLine($"  {name,-14} {what}");
}

return args.Length == 0 ? 0 : 64;

int Threads() => args.Length < 2 ? 1 : int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture);
