using Mintmark.Tests.Build;

namespace Mintmark.Tests.Whole;

/// <summary>A repository of a small service in plain Perl, which every machine with git has.</summary>
sealed class Quotes : IDisposable
{
    /// <summary>Answers from its configuration; every so many requests it fails.</summary>
    const string Server = """
        use IO::Socket::INET;
        use IO::Select;
        $SIG{PIPE} = 'IGNORE';
        open(my $file, '<', 'quotes.conf') or die "quotes.conf: $!";
        my %set = map { chomp; split /=/, $_, 2 } <$file>;
        my $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $ENV{PORT}, Listen => 128, ReuseAddr => 1)
            or die "cannot listen: $!";
        my $served = 0;
        while (my $c = $s->accept) {
            next unless IO::Select->new($c)->can_read(30);
            my $path = (split / /, scalar(<$c>) // '')[1] // '';
            while (my $line = <$c>) { last if $line =~ /^\r?$/ }
            my $fails = $path ne '/health' && $set{fail_every} && ++$served % $set{fail_every} == 0;
            my $body = "$set{word} from $ENV{MINTMARK}\n";
            my $status = $fails ? '500 Internal Server Error' : '200 OK';
            print $c "HTTP/1.1 $status\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
            close $c;
        }
        """;

    readonly TestRepository repository = new();

    /// <summary>However slow: that is the machine's, which runs other tests too.</summary>
    const string Rollout = """
        rollout:
          tolerated-delay: 1m
          warm-up: 0s
          steps:
            - { share: 20%, requests: 40 }
            - { share: 50%, requests: 60 }
          guard: 1s
        """;

    public Quotes(string name, string rollout = Rollout)
    {
        Name = name;
        repository.Write("serve.pl", Server);
        repository.Write(
            "suite.sh",
            """
            cases="<testcase name='$1 serves'>$(cat "$1.txt")</testcase>"
            echo "<testsuite>$cases</testsuite>" > "$1.xml"
            """
        );
        repository.Write("smoke.txt", "");
        repository.Write("full.txt", "");
        repository.Write(
            "mint.yaml",
            $$"""
            name: {{name}}
            profile: valuation
            build: { run: 'cp serve.pl "$OUT"' }
            suites:
              smoke: { run: sh suite.sh smoke, results: smoke.xml }
              full: { run: sh suite.sh full, results: full.xml }
            run: { command: exec perl serve.pl }
            health: { path: /health }
            configuration: [quotes.conf]
            {{rollout}}
            """
        );
    }

    public string Name { get; }

    public string Folder => repository.Path;

    public void Commit(string word, int failEvery = 0)
    {
        repository.Write("quotes.conf", $"word={word}\nfail_every={failEvery}\n");
        repository.Commit($"say {word}");
    }

    public void CommitWith(string file, string content)
    {
        repository.Write(file, content);
        repository.Commit($"change {file}");
    }

    public void Dispose() => repository.Dispose();
}
