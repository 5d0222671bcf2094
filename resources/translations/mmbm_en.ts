<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>BatchActions</name>
    <message numerus="yes">
        <source>%n path(s) copied</source>
        <translation>
            <numerusform>%n path copied</numerusform>
            <numerusform>%n paths copied</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BatchProgress</name>
    <message numerus="yes">
        <source>%n could not be done</source>
        <translation>
            <numerusform>%n could not be done</numerusform>
            <numerusform>%n could not be done</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BatchWords</name>
    <message numerus="yes">
        <source>Caption %n item(s) again</source>
        <translation>
            <numerusform>Caption %n item again</numerusform>
            <numerusform>Caption %n items again</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Translate captions of %n item(s) to Chinese</source>
        <translation>
            <numerusform>Translate the caption of %n item to Chinese</numerusform>
            <numerusform>Translate captions of %n items to Chinese</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Translate captions of %n item(s) to English</source>
        <translation>
            <numerusform>Translate the caption of %n item to English</numerusform>
            <numerusform>Translate captions of %n items to English</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Tag %n item(s)</source>
        <translation>
            <numerusform>Tag %n item</numerusform>
            <numerusform>Tag %n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove %n item(s) from the library</source>
        <translation>
            <numerusform>Remove %n item from the library</numerusform>
            <numerusform>Remove %n items from the library</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n done</source>
        <translation>
            <numerusform>%n done</numerusform>
            <numerusform>%n done</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n passed over</source>
        <translation>
            <numerusform>%n passed over</numerusform>
            <numerusform>%n passed over</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CorrectionsPanel</name>
    <message numerus="yes">
        <source>%n correction(s)</source>
        <translation>
            <numerusform>%n correction</numerusform>
            <numerusform>%n corrections</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DataPanel</name>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n class(es)</source>
        <translation>
            <numerusform>%n class</numerusform>
            <numerusform>%n classes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Data doctor: %n finding(s)</source>
        <translation>
            <numerusform>Data doctor: %n finding</numerusform>
            <numerusform>Data doctor: %n findings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show all %n class(es)</source>
        <translation>
            <numerusform>Show all %n class</numerusform>
            <numerusform>Show all %n classes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show all %n finding(s)</source>
        <translation>
            <numerusform>Show all %n finding</numerusform>
            <numerusform>Show all %n findings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EpisodeView</name>
    <message numerus="yes">
        <source>Return {total}, %n step(s)</source>
        <translation>
            <numerusform>Return {total}, %n step</numerusform>
            <numerusform>Return {total}, %n steps</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExplorePage</name>
    <message numerus="yes">
        <source>%n answer(s)</source>
        <translation>
            <numerusform>%n answer</numerusform>
            <numerusform>%n answers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message numerus="yes">
        <source>Export what is known of %n item(s)</source>
        <translation>
            <numerusform>Export what is known of %n item</numerusform>
            <numerusform>Export what is known of %n items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportWords</name>
    <message numerus="yes">
        <source>%n control character(s) left out</source>
        <translation>
            <numerusform>%n control character left out</numerusform>
            <numerusform>%n control characters left out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) to write</source>
        <translation>
            <numerusform>%n file to write</numerusform>
            <numerusform>%n files to write</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) written</source>
        <translation>
            <numerusform>%n file written</numerusform>
            <numerusform>%n files written</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stay(s) as they are</source>
        <translation>
            <numerusform>%n stays as it is</numerusform>
            <numerusform>%n stay as they are</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cannot be written</source>
        <translation>
            <numerusform>%n cannot be written</numerusform>
            <numerusform>%n cannot be written</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) have nothing to say</source>
        <translation>
            <numerusform>%n item has nothing to say</numerusform>
            <numerusform>%n items have nothing to say</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) got new words; Ctrl+Z takes them back</source>
        <translation>
            <numerusform>%n item got new words; Ctrl+Z takes them back</numerusform>
            <numerusform>%n items got new words; Ctrl+Z takes them back</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be used</source>
        <translation>
            <numerusform>%n file could not be used</numerusform>
            <numerusform>%n files could not be used</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FindingRow</name>
    <message numerus="yes">
        <source>Show %n item(s)</source>
        <translation>
            <numerusform>Show %n item</numerusform>
            <numerusform>Show %n items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FolderEntry</name>
    <message numerus="yes">
        <source>%n file(s) could not be used</source>
        <translation>
            <numerusform>%n file could not be used</numerusform>
            <numerusform>%n files could not be used</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImprovingPart</name>
    <message numerus="yes">
        <source>%n correction(s) written</source>
        <translation>
            <numerusform>%n correction written</numerusform>
            <numerusform>%n corrections written</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) are gone or changed</source>
        <translation>
            <numerusform>%n file is gone or changed</numerusform>
            <numerusform>%n files are gone or changed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImprovingWords</name>
    <message numerus="yes">
        <source>%n to learn from</source>
        <translation>
            <numerusform>%n to learn from</numerusform>
            <numerusform>%n to learn from</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n held out for the comparison</source>
        <translation>
            <numerusform>%n held out for the comparison</numerusform>
            <numerusform>%n held out for the comparison</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n whose file is gone</source>
        <translation>
            <numerusform>%n whose file is gone</numerusform>
            <numerusform>%n whose files are gone</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n with letters that the model does not know</source>
        <translation>
            <numerusform>%n with letters that the model does not know</numerusform>
            <numerusform>%n with letters that the model does not know</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more correction(s) to learn from are needed.</source>
        <translation>
            <numerusform>%n more correction to learn from is needed.</numerusform>
            <numerusform>%n more corrections to learn from are needed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n held-out correction(s)</source>
        <translation>
            <numerusform>%n held-out correction</numerusform>
            <numerusform>%n held-out corrections</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n general item(s)</source>
        <translation>
            <numerusform>%n general item</numerusform>
            <numerusform>%n general items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>JobWords</name>
    <message numerus="yes">
        <source>Update %n file(s)</source>
        <translation>
            <numerusform>Update %n file</numerusform>
            <numerusform>Update %n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message numerus="yes">
        <source>%n hit(s)</source>
        <translation>
            <numerusform>%n hit</numerusform>
            <numerusform>%n hits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LibraryPanel</name>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n folder(s)</source>
        <translation>
            <numerusform>%n folder</numerusform>
            <numerusform>%n folders</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n daily copy/copies kept</source>
        <translation>
            <numerusform>%n daily copy kept</numerusform>
            <numerusform>%n daily copies kept</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message numerus="yes">
        <source>CPU · %n thread(s)</source>
        <translation>
            <numerusform>CPU · %n thread</numerusform>
            <numerusform>CPU · %n threads</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PairRow</name>
    <message numerus="yes">
        <source>%n piece(s)</source>
        <translation>
            <numerusform>%n piece</numerusform>
            <numerusform>%n pieces</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RefusedCard</name>
    <message numerus="yes">
        <source>%n file(s) could not be used</source>
        <translation>
            <numerusform>%n file could not be used</numerusform>
            <numerusform>%n files could not be used</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReportPanel</name>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n episode(s)</source>
        <translation>
            <numerusform>%n episode</numerusform>
            <numerusform>%n episodes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be used</source>
        <translation>
            <numerusform>%n file could not be used</numerusform>
            <numerusform>%n files could not be used</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SearchCard</name>
    <message numerus="yes">
        <source>%n picture(s)</source>
        <translation>
            <numerusform>%n picture</numerusform>
            <numerusform>%n pictures</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SelectionBar</name>
    <message numerus="yes">
        <source>%n selected</source>
        <translation>
            <numerusform>%n selected</numerusform>
            <numerusform>%n selected</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SoundsCard</name>
    <message numerus="yes">
        <source>%n sound(s)</source>
        <translation>
            <numerusform>%n sound</numerusform>
            <numerusform>%n sounds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show %n more</source>
        <translation>
            <numerusform>Show %n more</numerusform>
            <numerusform>Show %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TagsDialog</name>
    <message numerus="yes">
        <source>Tags for %n item(s)</source>
        <translation>
            <numerusform>Tags for %n item</numerusform>
            <numerusform>Tags for %n items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrainPage</name>
    <message numerus="yes">
        <source>%n run(s) at work</source>
        <translation>
            <numerusform>%n run at work</numerusform>
            <numerusform>%n runs at work</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrainingWords</name>
    <message numerus="yes">
        <source>CPU · %n thread(s)</source>
        <translation>
            <numerusform>CPU · %n thread</numerusform>
            <numerusform>CPU · %n threads</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{busy} of %n core(s)</source>
        <translation>
            <numerusform>{busy} of %n core</numerusform>
            <numerusform>{busy} of %n cores</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Stopped early: no better for %n validation(s); the best was epoch {epoch}.</source>
        <translation>
            <numerusform>Stopped early: no better for %n validation; the best was epoch {epoch}.</numerusform>
            <numerusform>Stopped early: no better for %n validations; the best was epoch {epoch}.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TuningWords</name>
    <message numerus="yes">
        <source>%n trial(s), each trained to its end; the best one is published.</source>
        <translation>
            <numerusform>%n trial, trained to its end and published.</numerusform>
            <numerusform>%n trials, each trained to its end; the best one is published.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n trial(s); the better half goes on at epoch {epochs}, the best one is published.</source>
        <translation>
            <numerusform>%n trial; the better half goes on at epoch {epochs}, the best one is published.</numerusform>
            <numerusform>%n trials; the better half goes on at epoch {epochs}, the best one is published.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>UndoWords</name>
    <message numerus="yes">
        <source>{name} and %n more</source>
        <translation>
            <numerusform>{name} and %n more</numerusform>
            <numerusform>{name} and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ValueMap</name>
    <message numerus="yes">
        <source>acted here %n time(s)</source>
        <translation>
            <numerusform>acted here %n time</numerusform>
            <numerusform>acted here %n times</numerusform>
        </translation>
    </message>
</context>
</TS>
