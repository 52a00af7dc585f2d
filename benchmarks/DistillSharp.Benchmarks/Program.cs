using DistillSharp.Benchmarks;

if (args is not ["operator-call"])
{
    Console.Error.WriteLine("usage: DistillSharp.Benchmarks operator-call");
    return 2;
}

OperatorCall.Run();
return 0;
