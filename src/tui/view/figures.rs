//! What lies in the places of the curves and of the map: the map itself, the relief, the start map, the
//! inspector and the editor. Each is a model and a drawing of its own; here they get their headings.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Paragraph, Widget, Wrap};

use super::{Scene, below, editor, inspector, map, relief, starts};
use crate::runner::Mapped;
use crate::tui::desk::Pane;

impl Scene<'_> {
    /// The ground from above, with the racers' trails.
    pub(super) fn map(&self, area: Rect, buffer: &mut Buffer) {
        let (app, theme) = (self.app, self.app.theme);
        let map = match &app.shown.map {
            Mapped::Drawn(map) => map,
            Mapped::Pending => {
                let text = "the map comes when there are trails to lay it through";
                return self.no_map(text, area, buffer);
            }
            Mapped::Absent { why: Some(why) } => return self.no_map(why, area, buffer),
            Mapped::Absent { why: None } => {
                return self.no_map("the scenario says: no map", area, buffer);
            }
        };
        let [title, note] = map::heading(map);
        let note = if self.panes.paged {
            self.pages(Pane::Map)
        } else {
            note
        };
        let below = self.head(Pane::Map, &title, &note, area, buffer);
        let labelled = map::is_labelled(map);
        let plot = map::plot(below, labelled);
        let Some(ground) = app.terrain.ground([plot.width, plot.height]) else {
            return;
        };
        let (desk, ways) = (&app.desk, &app.terrain.ways);
        if map.is_line() {
            let losses = (&ground.losses[..], ground.bounds[0]);
            let profile = map::profile(losses, ways, &app.shown, self.mark, desk);
            map::draw_profile(&profile, self.identities, theme, plot, buffer);
            return;
        }
        let mut chart = map::model(
            &app.shown,
            self.mark,
            desk,
            ways,
            &map.minima,
            ground.bounds,
            labelled,
        );
        if let Some(ghost) = &app.ghost {
            let ways = ghost.ways().filter(|(racer, _)| desk.shows(*racer));
            chart.ghosts = map::ghosts(ways, ground.bounds);
        }
        let contours = desk.map.contours;
        map::draw(
            &chart,
            &ground.bands,
            contours,
            self.identities,
            theme,
            plot,
            buffer,
        );
        if let Some(at) = editor::cursor(app, ground.bounds).filter(|_| labelled) {
            editor::draw_cursor(at, theme, plot, buffer);
        }
    }

    /// What goes on inside of an optimizer.
    pub(super) fn inspector(&self, area: Rect, buffer: &mut Buffer) {
        let (app, found) = (self.app, self.app.inspection());
        let racers = app.looked_into();
        let looks = found.answer.iter().flat_map(|answer| &answer.looks);
        // Of somebody who is no longer looked into nothing is shown.
        let looks = looks.filter(|look| racers.contains(&look.racer));
        let snapshot = &app.shown.snapshot;
        let pages: Vec<_> = looks.map(|look| inspector::model(look, snapshot)).collect();
        let title = inspector::title(found, &pages, self.identities);
        let below = self.head(Pane::Curves, &title, inspector::hint(&pages), area, buffer);
        if let Some(why) = &found.refusal {
            let words = Paragraph::new(why.to_string()).style(app.theme.text());
            words.wrap(Wrap { trim: true }).render(below, buffer);
        } else {
            inspector::draw(&pages, self.identities, app.theme, below, buffer);
        }
    }

    /// The scenario, to be changed.
    pub(super) fn editor(&self, area: Rect, buffer: &mut Buffer) {
        let Some(editor) = &self.app.editor else {
            return;
        };
        let inside = below(area);
        let sheet = editor::model(self.app, editor, self.identities, inside);
        let note = match self.pages(Pane::Curves) {
            pages if pages.is_empty() => sheet.note.clone(),
            pages => pages,
        };
        self.head(Pane::Curves, "editor", &note, area, buffer);
        editor::draw(&sheet, self.app.theme, inside, buffer);
    }

    /// The ground in three dimensions.
    pub(super) fn relief(&self, area: Rect, buffer: &mut Buffer) {
        let (app, theme, desk) = (self.app, self.app.theme, &self.app.desk);
        let Mapped::Drawn(map) = &app.shown.map else {
            return self.map(area, buffer);
        };
        let Some(solid) = app.terrain.solid().filter(|_| !map.is_line()) else {
            let text = "one parameter has no relief: its curve is the map";
            return self.no_map(text, area, buffer);
        };
        let title = if map::is_labelled(map) {
            format!("relief: loss over {}, {}", map.axes[0], map.axes[1])
        } else {
            map::heading(map)[0].replacen("map", "relief", 1)
        };
        let note = if desk.map.camera.turning {
            "arrows stop it"
        } else {
            "0 lets go"
        };
        let note = if self.panes.paged {
            self.pages(Pane::Map)
        } else {
            note.to_owned()
        };
        let plot = self.head(Pane::Map, &title, &note, area, buffer);
        let chart = map::model(
            &app.shown,
            self.mark,
            desk,
            &app.terrain.ways,
            &map.minima,
            solid.bounds,
            false,
        );
        let cells = [plot.width, plot.height];
        let relief = relief::model(&solid.shape, desk.map.camera, &chart, theme.glyphs(), cells);
        let names = if map::is_labelled(map) {
            map.axes.clone()
        } else {
            Default::default()
        };
        let contours = desk.map.contours;
        relief::draw(
            &relief,
            contours,
            &names,
            self.identities,
            theme,
            plot,
            buffer,
        );
    }

    /// Where each start leads.
    pub(super) fn starts(&self, area: Rect, buffer: &mut Buffer) {
        let (app, theme, racer, tells) = (
            self.app,
            self.app.theme,
            self.app.starter(),
            self.app.tells(),
        );
        if let Some(why) = starts::refusal(&app.shown) {
            return self.no_map(&why, area, buffer);
        }
        let (Mapped::Drawn(map), Some(question)) = (&app.shown.map, app.question()) else {
            return;
        };
        let found = app.scouted.as_deref();
        let label = &app.shown.snapshot.meta.racers[racer].label;
        let [title, note] = starts::heading(label, found, tells, area.width);
        let note = if self.panes.paged {
            self.pages(Pane::Map)
        } else {
            note
        };
        let below = self.head(Pane::Map, &title, &note, area, buffer);
        let (desk, ways, bounds) = (&app.desk, &app.terrain.ways, question.bounds);
        let over = map::model(&app.shown, self.mark, desk, ways, &map.minima, bounds, true);
        if let Some(found) = found {
            let chart = starts::model(&found.starts, &map.minima, tells);
            let racer = (racer, self.identities[racer]);
            let parts = starts::parts(below);
            starts::draw(&chart, tells, &over, racer, theme, parts, buffer);
        }
    }

    fn no_map(&self, text: &str, area: Rect, buffer: &mut Buffer) {
        let below = self.head(Pane::Map, "map", &self.pages(Pane::Map), area, buffer);
        let words = Paragraph::new(text.to_owned()).style(self.app.theme.quiet());
        words.wrap(Wrap { trim: true }).render(below, buffer);
    }
}
