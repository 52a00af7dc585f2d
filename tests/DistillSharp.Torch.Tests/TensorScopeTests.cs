namespace DistillSharp.Torch.Tests;

public class TensorScopeTests
{
    [Fact]
    public void Should_free_what_was_made_inside()
    {
        long before = Check.Settled();
        using (var scope = new TensorScope())
        {
            Tensor a = Tensor.Of(1);
            Tensor b = a + a;
            Assert.Equal(2, scope.Count);
            Assert.Equal(before + 2, Tensor.LiveCount);
            b.Dispose();
            Assert.Equal(1, scope.Count);
            b.Dispose();
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_nest_and_hand_kept_tensors_outwards()
    {
        long before = Check.Settled();
        using var outer = new TensorScope();
        Tensor kept;
        Tensor dropped;
        using (var inner = new TensorScope())
        {
            kept = inner.Keep(Tensor.Of(1));
            dropped = Tensor.Of(2);
            Assert.Equal(1, inner.Count);
        }

        Assert.True(dropped.IsDisposed);
        Assert.Equal(1, outer.Count);
        Assert.Equal(1, kept.Item());
        outer.Dispose();
        Assert.True(kept.IsDisposed);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_hand_a_kept_tensor_to_the_caller_where_there_is_no_outer_scope()
    {
        long before = Check.Settled();
        Tensor kept;
        using (var scope = new TensorScope())
        {
            kept = scope.Keep(Operators.Zeros([1000]));
            Assert.Same(kept, scope.Keep(kept));
        }

        Assert.Equal(before + 1, Tensor.LiveCount);
        kept.Dispose();
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_not_free_a_tensor_of_another_scope()
    {
        using var outer = new TensorScope();
        Tensor a = Tensor.Of(1);
        using (var inner = new TensorScope())
        {
            inner.Keep(a);
        }

        Assert.Equal(1, a.Item());
        Assert.Equal(1, outer.Count);
    }

    [Fact]
    public void Should_leave_unscoped_tensors_to_the_caller()
    {
        long before = Check.Settled();
        Tensor parameter;
        using (new TensorScope())
        using (new TensorScope())
        {
            parameter = Tensor.Of(3).Unscoped();
            Assert.Same(parameter, parameter.Unscoped());
        }

        Assert.Equal(3, parameter.Item());
        parameter.Dispose();
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_free_everything_whatever_the_order_in_which_tensors_leave()
    {
        long before = Check.Settled();
        var kept = new List<Tensor>();
        using (var scope = new TensorScope())
        {
            Tensor[] all = [.. Enumerable.Range(0, 500).Select(i => Tensor.Of(i))];
            new Random(3).Shuffle(all);
            foreach (Tensor tensor in all[..300])
            {
                tensor.Dispose();
            }

            kept.AddRange(all[300..400].Select(t => t.Unscoped()));
            Assert.Equal(100, scope.Count);
        }

        Assert.Equal(before + 100, Tensor.LiveCount);
        Assert.Equal(100, kept.Select(t => t.Item()).Distinct().Count());
        kept.ForEach(t => t.Dispose());
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_free_when_an_exception_passes()
    {
        long before = Check.Settled();
        Assert.Throws<TorchException>(() =>
        {
            using var scope = new TensorScope();
            using var inner = new TensorScope();
            Operators.Zeros([2, 3]).Mm(Operators.Zeros([2, 3]));
        });
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_refuse_to_close_out_of_order_and_still_free()
    {
        long before = Check.Settled();
        var outer = new TensorScope();
        Tensor a = Tensor.Of(1);
        var inner = new TensorScope();
        Assert.Contains("innermost first", Assert.Throws<InvalidOperationException>(outer.Dispose).Message);
        Assert.False(a.IsDisposed);
        inner.Dispose();
        outer.Dispose();
        outer.Dispose();
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_refuse_other_threads()
    {
        using var scope = new TensorScope();
        Tensor a = Tensor.Of(1);
        OnAnotherThread(() =>
        {
            Assert.Throws<InvalidOperationException>(scope.Dispose);
            Assert.Throws<InvalidOperationException>(() => scope.Keep(a));
            using Tensor own = Tensor.Of(2);
            Assert.Equal(1, scope.Count);
        });
    }

    [Fact]
    public void Should_let_other_threads_dispose_and_take_tensors()
    {
        long before = Check.Settled();
        Tensor taken;
        using (var scope = new TensorScope())
        {
            Tensor freed = Tensor.Of(1);
            taken = Tensor.Of(2);
            Tensor stays = Tensor.Of(3);
            OnAnotherThread(() =>
            {
                freed.Dispose();
                taken.Unscoped();
            });
            Assert.Equal(1, scope.Count);
            stays.Dispose();
        }

        Assert.Equal(2, taken.Item());
        taken.Dispose();
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_name_the_cause_of_a_use_after_free()
    {
        Tensor a = Tensor.Of(1);
        a.Dispose();
        Assert.True(a.IsDisposed);
        Assert.Equal("freed tensor", a.ToString());
        Assert.Contains("TensorScope.Keep hands one out", Assert.Throws<ObjectDisposedException>(() => a + 1).Message);
        Assert.Throws<ObjectDisposedException>(() => a.Shape);
        Assert.Throws<ObjectDisposedException>(() => a.AsSpan<float>().Length);
        Assert.Throws<ObjectDisposedException>(() => Operators.Cat([a]));
    }

    [Fact]
    public void Should_refuse_a_null_in_a_list() =>
        Assert.Contains("Tensor 1 of the list is null", Assert.Throws<ArgumentNullException>(() =>
        {
            using var scope = new TensorScope();
            Operators.Cat([Tensor.Of(1), null!]);
        }).Message);

    [Fact]
    public void Should_let_the_collector_free_what_was_forgotten()
    {
        long before = Check.Settled();
        OnAnotherThread(() => Forget(100));
        Assert.Equal(before, Check.Settled());
    }

    [Fact]
    public void Should_let_the_collector_free_a_scope_that_its_thread_left_open()
    {
        long before = Check.Settled();
        OnAnotherThread(() =>
        {
            _ = new TensorScope();
            Forget(10);
        });
        for (int i = 0; i < 50 && Check.Settled() != before; i++)
        {
            Thread.Sleep(10); // a thread's own variables go a little after the thread
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    private static void Forget(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = Operators.Zeros([1000]);
        }
    }

    private static void OnAnotherThread(Action action)
    {
        Exception? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                error = e;
            }
        });
        thread.Start();
        thread.Join();
        Assert.Null(error);
    }
}
