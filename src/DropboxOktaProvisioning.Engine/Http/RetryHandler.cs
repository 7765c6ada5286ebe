using Polly;
using Polly.Retry;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Repeats requests as <see cref="RetryPolicy"/> decides, by the connection's clock, and reports each wait once.</summary>
internal sealed class RetryHandler : DelegatingHandler
{
    /// <summary>So often a page whose size is fixed may get no answer in time before its list is better begun again with smaller ones.</summary>
    private const int MostTimeouts = 2;

    private static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("request");
    private static readonly ResiliencePropertyKey<RetryDecision> Decision = new("decision");
    private readonly string _service;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public RetryHandler(string service, RetryPolicy policy, int maxRetries, TimeProvider time)
    {
        _service = service;
        _time = time;
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (maxRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = maxRetries,
                ShouldHandle = arguments => ValueTask.FromResult(Decide(policy, arguments)),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(DecisionOf(arguments.Context).Delay),
                OnRetry = Report,
            });
        }

        _pipeline = builder.Build();
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Request, request);
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (context, state) => await state.Handler.SendOnceAsync(state.Request, context.CancellationToken),
                context, (Handler: this, Request: request));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static bool Decide(RetryPolicy policy, RetryPredicateArguments<HttpResponseMessage> arguments)
    {
        if (arguments.Context.CancellationToken.IsCancellationRequested) return false;
        CallContext call = CallContext.Of(RequestOf(arguments.Context));
        if (call.HasFixedSize && arguments.Outcome.Exception is TimeoutException && arguments.AttemptNumber + 1 >= MostTimeouts) return false;
        RetryDecision? decision = arguments.Outcome.Exception is { } failure
            ? policy.After(failure, call.Safe, arguments.AttemptNumber)
            : policy.After(arguments.Outcome.Result!, call.Safe, arguments.AttemptNumber);
        if (decision is not { } again) return false;
        arguments.Context.Properties.Set(Decision, again);
        if (IsTooMuch(arguments.Outcome)) call.Pages?.Shrink(RequestOf(arguments.Context));
        return true;
    }

    private static bool IsTooMuch(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is TimeoutException || (outcome.Result is { } answer && PageSize.IsTooMuch(answer.StatusCode));

    private static HttpRequestMessage RequestOf(ResilienceContext context) => context.Properties.GetValue(Request, null!);

    private static RetryDecision DecisionOf(ResilienceContext context) => context.Properties.GetValue(Decision, default);

    private Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancel) => base.SendAsync(request, cancel);

    private ValueTask Report(OnRetryArguments<HttpResponseMessage> arguments)
    {
        CallContext.Of(RequestOf(arguments.Context)).Progress?.Report(new Waiting(
            _service, DecisionOf(arguments.Context).Reason, arguments.RetryDelay, _time.GetUtcNow() + arguments.RetryDelay, arguments.AttemptNumber + 1));
        return default;
    }
}
