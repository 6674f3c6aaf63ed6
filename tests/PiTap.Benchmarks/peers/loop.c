/* A libpcap loop that does nothing but count: the floor that the comparison measures against.
 *
 *   loop FILE                         reads a capture
 *   loop -i INTERFACE [-c COUNT] [-B KIB] [-s SNAPLEN] [FILTER]
 *                                     listens until COUNT packets or SIGTERM, SIGINT
 *
 * Prints one line: packets, bytes on the wire, drops of a live capture, and the CPU time of this process in seconds.
 * Build: gcc -O2 -o loop loop.c -lpcap
 */
#include <pcap/pcap.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define READ_TIMEOUT_MS 100

static pcap_t *handle;

struct totals {
    unsigned long long packets, bytes;
};

static void count(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
    struct totals *totals = (struct totals *)user;
    (void)bytes;
    totals->packets++;
    totals->bytes += header->len;
}

static void stop(int signal_number)
{
    (void)signal_number;
    pcap_breakloop(handle);
}

static void fail(const char *what)
{
    fprintf(stderr, "loop: %s\n", what);
    exit(1);
}

static pcap_t *open_live(const char *interface, int snap_length, int buffer_kib)
{
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *live = pcap_create(interface, error);
    if (live == NULL)
        fail(error);
    pcap_set_snaplen(live, snap_length);
    pcap_set_promisc(live, 1);
    pcap_set_timeout(live, READ_TIMEOUT_MS);
    pcap_set_buffer_size(live, buffer_kib * 1024);
    if (pcap_activate(live) < 0)
        fail(pcap_geterr(live));
    return live;
}

int main(int argc, char **argv)
{
    const char *interface = NULL;
    int limit = -1, buffer_kib = 8192, snap_length = 262144, option;
    while ((option = getopt(argc, argv, "i:c:B:s:")) != -1) {
        switch (option) {
        case 'i': interface = optarg; break;
        case 'c': limit = atoi(optarg); break;
        case 'B': buffer_kib = atoi(optarg); break;
        case 's': snap_length = atoi(optarg); break;
        default: fail("usage: loop FILE | loop -i INTERFACE [-c COUNT] [-B KIB] [-s SNAPLEN] [FILTER]");
        }
    }

    char error[PCAP_ERRBUF_SIZE];
    if (interface != NULL) {
        handle = open_live(interface, snap_length, buffer_kib);
    } else {
        if (optind >= argc)
            fail("no file");
        handle = pcap_open_offline(argv[optind++], error);
        if (handle == NULL)
            fail(error);
    }
    if (optind < argc) {
        struct bpf_program program;
        if (pcap_compile(handle, &program, argv[optind], 1, PCAP_NETMASK_UNKNOWN) < 0 || pcap_setfilter(handle, &program) < 0)
            fail(pcap_geterr(handle));
        pcap_freecode(&program);
    }

    signal(SIGTERM, stop);
    signal(SIGINT, stop);
    struct totals totals = {0, 0};
    int result = pcap_loop(handle, limit, count, (u_char *)&totals);
    if (result == PCAP_ERROR)
        fail(pcap_geterr(handle));
    if (interface != NULL && result == PCAP_ERROR_BREAK) {
        /* What arrived before the signal may still lie in a block of the ring that the kernel hands over at its time-out. */
        usleep(2 * READ_TIMEOUT_MS * 1000);
        pcap_setnonblock(handle, 1, error);
        while (pcap_dispatch(handle, -1, count, (u_char *)&totals) > 0)
            ;
    }

    struct pcap_stat drops = {0};
    if (interface != NULL)
        pcap_stats(handle, &drops);
    pcap_close(handle);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("packets=%llu bytes=%llu dropped=%u user=%ld.%06ld sys=%ld.%06ld\n", totals.packets, totals.bytes, drops.ps_drop,
           (long)usage.ru_utime.tv_sec, (long)usage.ru_utime.tv_usec, (long)usage.ru_stime.tv_sec, (long)usage.ru_stime.tv_usec);
    return 0;
}
