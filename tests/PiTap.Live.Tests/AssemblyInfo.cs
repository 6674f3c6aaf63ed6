using Xunit.Sdk;
using Xunit.v3;

// Live tests measure: each has the machine to itself.
[assembly: Parallelization(Mode = ParallelMode.None)]
